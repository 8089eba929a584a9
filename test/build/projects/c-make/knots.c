#include <stdio.h>

int main(void) { return puts("twelve knots") < 0; }
