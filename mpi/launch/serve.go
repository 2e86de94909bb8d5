package launch

import (
	"context"
	"errors"
)

// Serve is one rank's side of the cluster that dir describes. It returns nil when the rank is to
// exit: it was told so, or has been idle for long, or the end of ctx; the process then has to end
// whatever still runs. exchange nil means that all ranks are of one node and find each other through
// dir.
func Serve(ctx context.Context, dir string, self Self, exchange Exchange, runner Runner) error {
	return errors.ErrUnsupported
}
