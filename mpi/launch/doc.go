// Package launch will own starting and watching the ranks of a job (local, mpirun, srun, sbatch)
// and the control tree to them. Nothing is built yet.
package launch
