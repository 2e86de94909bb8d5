// Package worker will own the loop inside one rank that runs %%px cells. Nothing is built yet.
package worker
