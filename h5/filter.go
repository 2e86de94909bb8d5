package h5

import (
	"fmt"
	"os"
)

// describe gives the filter's name and number.
func (f Filter) describe() string {
	if f.Name == "" || f.Name == fmt.Sprintf("filter %d", f.ID) {
		return fmt.Sprintf("number %d", f.ID)
	}
	return fmt.Sprintf("%q (number %d)", f.Name, f.ID)
}

// filterHint says where the library looks for filters.
func filterHint() string {
	where := os.Getenv("HDF5_PLUGIN_PATH")
	if where == "" {
		where = "/usr/local/hdf5/lib/plugin, HDF5_PLUGIN_PATH not being set"
	}
	return "install its HDF5 plug-in (the hdf5plugin collection has most); plug-ins are looked for in " + where
}
