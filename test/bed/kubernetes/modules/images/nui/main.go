// Command nui-web stands in for the NATS web UI, whose image can't be had here. It takes the flags that the deployment passes,
// reads the contexts as the real one does, and answers with the names of the connections that it would show.
package main

import (
	"encoding/json"
	"flag"
	"log"
	"net/http"
	"os"
	"path/filepath"
	"strings"
)

func main() {
	contexts := flag.String("nats-cli-contexts", "./clicontexts", "folders of contexts, separated by commas")
	database := flag.String("db-path", ":memory:", "folder of the database")
	flag.String("proto-schemas-path", "./protoschemas/default", "folder of protobuf schemas")
	flag.String("log-level", "info", "log level")
	flag.String("log-output", "./logs.log", "log output")
	flag.Parse()

	if *database != ":memory:" {
		if err := os.MkdirAll(*database, 0o700); err != nil {
			log.Fatal(err)
		}
	}
	http.HandleFunc("/health", func(w http.ResponseWriter, _ *http.Request) {})
	http.HandleFunc("/api/connection", func(w http.ResponseWriter, _ *http.Request) {
		json.NewEncoder(w).Encode(connections(strings.Split(*contexts, ",")))
	})
	log.Fatal(http.ListenAndServe(":31311", nil))
}

type connection struct {
	Name  string   `json:"name"`
	Hosts []string `json:"hosts"`
}

func connections(folders []string) []connection {
	found := []connection{}
	for _, folder := range folders {
		files, _ := filepath.Glob(filepath.Join(folder, "*.json"))
		for _, file := range files {
			text, err := os.ReadFile(file)
			var context struct {
				URL string `json:"url"`
			}
			if err == nil && json.Unmarshal(text, &context) == nil {
				name := strings.TrimSuffix(filepath.Base(file), ".json")
				found = append(found, connection{name, strings.Split(context.URL, ",")})
			}
		}
	}
	return found
}
