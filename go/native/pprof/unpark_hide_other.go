package pprof

// unparkHideValues: see unpark_hide.go; where the user's own -ldflags leave no room for ours, the value stays seen.
func unparkHideValues() int { return 0 }
