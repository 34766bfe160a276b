package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// ticks is how many units of time /proc counts in a second, on every Linux of today.
const ticks = 100

// usage is what a server has used since it began.
type usage struct {
	own  time.Duration // CPU time of the server's own process
	all  time.Duration // with that of all processes that it started
	rss  int64         // resident memory of its own process, in bytes
	peak int64         // the most that was
}

// usageOf reads /proc. A process counts its children once it has waited for them, so the sum over those that live is complete.
func usageOf(pid int) (usage, error) {
	parents, times, own := map[int]int{}, map[int]time.Duration{}, time.Duration(0)
	folders, err := filepath.Glob("/proc/[0-9]*")
	if err != nil {
		return usage{}, err
	}
	for _, folder := range folders {
		id, err := strconv.Atoi(filepath.Base(folder))
		if err != nil {
			continue
		}
		data, err := os.ReadFile(folder + "/stat")
		if err != nil {
			continue // it has ended
		}
		// The name is in parentheses and may contain anything; state is the field after it.
		fields := strings.Fields(string(data[strings.LastIndexByte(string(data), ')')+1:]))
		parents[id] = number(fields[1])
		user, system := number(fields[11]), number(fields[12])
		times[id] = inTicks(user + system + number(fields[13]) + number(fields[14]))
		if id == pid {
			own = inTicks(user + system)
		}
	}
	u := usage{own: own}
	for id, t := range times {
		for above := id; above != 0; above = parents[above] {
			if above == pid {
				u.all += t
				break
			}
		}
	}
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return usage{}, err
	}
	for line := range strings.Lines(string(status)) {
		name, value, _ := strings.Cut(line, ":")
		kilobytes := int64(number(strings.TrimSuffix(strings.TrimSpace(value), " kB")))
		switch name {
		case "VmRSS":
			u.rss = kilobytes << 10
		case "VmHWM":
			u.peak = kilobytes << 10
		}
	}
	return u, nil
}

func number(text string) int {
	n, _ := strconv.Atoi(text) // what is no number is none of ours
	return n
}

func inTicks(n int) time.Duration { return time.Duration(n) * time.Second / ticks }
