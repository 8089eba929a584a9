require "sounding"

puts feet(7)
