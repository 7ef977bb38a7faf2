// Leaks that are there only when a timeout, a cancel or a slow answer wins over work that would have been done in time.
// On an idle machine none of these tests leaves anything behind, however often it runs.
package timeouts

import "testing"

// What leaks only on a machine that stalls is a finding where the code under test is to blame, as here; in a test's own
// body it would be a note.

func TestHedgedRequest(t *testing.T) { hedgedRequest() }

func TestTicketAfterTimeout(t *testing.T) { ticketAfterTimeout() }

func TestCancelKeepsLock(t *testing.T) { cancelKeepsLock() }

func TestDrainedTimer(t *testing.T) { drainedTimer() }

func TestSlowReplySkipsDone(t *testing.T) { slowReplySkipsDone() }

func TestSubmitAfterShutdown(t *testing.T) { submitAfterShutdown() }
