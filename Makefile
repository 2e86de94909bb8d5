# gofive. Everything made here goes to bin/ and build/; both may be removed at any time.
#
#   make demo       set up what is missing, build, run notebooks/quickstart.ipynb through Jupyter
#   make test       set up what is missing, build, run every test
#   make test-browser  the part of it that looks at the notebook extension in a browser, in three front ends
#   make notebook   set up what is missing, build, start a Jupyter server with the kernel
#   make build      bin/gofive, bin/gofive-engine and bin/gofive-arrow
#   make build-mpi  bin/gofive-engine-mpi: the same with MPI and parallel HDF5, one for each MPI that is there
#   make bench      gofive beside ipykernel, h5py, C, pandas and matplotlib, with ratios
#   make bench-kernel  the first part of it: gofive beside ipykernel
#   make bench-h5   the second part of it: HDF5 files, compiled and from cells, beside h5py and C
#   make bench-looking  the third part of it: looking at large data, beside h5py, pandas and matplotlib
#   make bench-boss the fourth part of it: converting, cutting and stacking spectra, beside astropy and h5py
#   make bench-mpi  what ranks do together, beside C and Python with the same MPI, and cells on ranks beside ipyparallel
#   make generate   rewrite the generated files
#   make extension  rebuild the notebook extension's files, which are committed; needs npm
#   make clean      remove bin/ and build/
#
# HDF5_DIR=/path chooses an HDF5 installation, MPI=openmpi or MPI=mpich the MPI of build-mpi.
# GOFIVE_NO_INSTALL=1 keeps the set-up from installing packages: it then says what is missing and how to
# get it.

SHELL := /bin/bash
.NOTPARALLEL:
.DEFAULT_GOAL := build
.PHONY: build build-mpi demo test test-browser notebook bench generate extension clean setup

# What the set-up is for: build, demo, test or bench.
FOR ?= build

setup:
	@install/make/setup.sh $(FOR)

build:
	@install/make/setup.sh build
	@install/make/build.sh

build-mpi:
	@install/make/setup.sh build-mpi
	@install/make/build-mpi.sh

demo:
	@install/make/setup.sh demo
	@install/make/build.sh
	@install/make/demo.sh

notebook:
	@install/make/setup.sh demo
	@install/make/build.sh
	@install/make/notebook.sh

test:
	@install/make/setup.sh test
	@install/make/build.sh
	@install/make/test.sh

test-browser:
	@install/make/setup.sh test-browser
	@install/make/build.sh
	@install/make/test-browser.sh

bench:
	@install/make/setup.sh bench
	@install/make/build.sh
	@install/make/bench.sh

bench-%:
	@install/make/setup.sh bench
	@install/make/build.sh
	@install/make/bench.sh $*

generate:
	@install/make/setup.sh build
	@install/make/generate.sh

extension:
	@install/make/setup.sh extension
	@install/make/extension.sh build

clean:
	rm -rf bin build
