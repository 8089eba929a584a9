require "mkmf"

create_makefile("sounding")
