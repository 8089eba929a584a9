from setuptools import setup

setup(name="sounding", version="1.0", py_modules=["sounding"])
