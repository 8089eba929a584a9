// Says what it was started with.
package main

import "os"

func main() {
	for _, argument := range os.Args[1:] {
		_, _ = os.Stdout.WriteString("harbour " + argument + "\n")
	}
}
