// Answers with the name of a harbour and the hour in a zone that the image must know.
package main

import (
	"fmt"
	"log"
	"net/http"
	"time"
)

func main() {
	http.HandleFunc("/", func(answer http.ResponseWriter, _ *http.Request) {
		zone, err := time.LoadLocation("Europe/London")
		if err != nil {
			http.Error(answer, err.Error(), http.StatusInternalServerError)
			return
		}
		noon := time.Date(1876, 7, 1, 12, 0, 0, 0, time.UTC).In(zone)
		fmt.Fprintf(answer, "Bristol, %s\n", noon.Format("15:04 MST"))
	})
	log.Fatal(http.ListenAndServe(":8080", nil))
}
