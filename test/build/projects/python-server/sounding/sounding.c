// A module that must be compiled: it turns fathoms into feet.
#define PY_SSIZE_T_CLEAN
#include <Python.h>

static PyObject *feet(PyObject *self, PyObject *argument) {
  long fathoms = PyLong_AsLong(argument);
  return PyLong_FromLong(fathoms * 6);
}

static PyMethodDef methods[] = {{"feet", feet, METH_O, NULL}, {NULL, NULL, 0, NULL}};
static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "sounding", NULL, -1, methods};

PyMODINIT_FUNC PyInit_sounding(void) { return PyModule_Create(&module); }
