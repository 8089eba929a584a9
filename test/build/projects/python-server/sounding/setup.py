from setuptools import Extension, setup

setup(name="sounding", version="1.0", ext_modules=[Extension("sounding", ["sounding.c"])])
