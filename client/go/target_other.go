//go:build !unix

package rectifier

import "os"

// canEnter tells whether the directory is there.
func canEnter(directory string) bool {
	info, err := os.Stat(directory)
	return err == nil && info.IsDir()
}
