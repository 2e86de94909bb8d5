package main

// #include <stdio.h>
import "C"

// flush sends what C code has printed on its way: libraries buffer their stdout.
func flush() { C.fflush(nil) }
