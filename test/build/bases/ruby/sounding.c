#include <ruby.h>

static VALUE feet(VALUE self, VALUE fathoms) { return LONG2NUM(NUM2LONG(fathoms) * 6); }

void Init_sounding(void) { rb_define_global_function("feet", feet, 1); }
