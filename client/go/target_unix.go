//go:build unix

package rectifier

import (
	"os"
	"syscall"
)

// canEnter tells whether this process may enter the directory.
func canEnter(directory string) bool {
	const execute = 1
	info, err := os.Stat(directory)
	return err == nil && info.IsDir() && syscall.Access(directory, execute) == nil
}
