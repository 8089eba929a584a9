Gem::Specification.new do |gem|
  gem.name = "sounding"
  gem.version = "1.0"
  gem.summary = "Turns fathoms into feet, in C"
  gem.authors = ["Plimsoll"]
  gem.files = ["sounding.c", "extconf.rb"]
  gem.extensions = ["extconf.rb"]
end
