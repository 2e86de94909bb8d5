package boss

import "errors"

func openPlate(path string) (source, error) {
	return nil, fail("open", path, errors.New("spPlate files are not read yet"))
}
