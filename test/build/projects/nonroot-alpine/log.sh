# Says who it is.
id -un
