package sqlstore

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"baton/core"
)

// lots is room for all files of a test.
const lots = 1 << 40

func TestU08SweepFindsFilesThatNoMessagePosted(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, s *Store) {
		by := core.Actor{Role: core.CustomerRole, ID: "cus_a"}
		err := errors.Join(s.AddAttachment(t.Context(), by, "ses_a", core.Attachment{ID: "att_posted"}, lots, nil), s.AddAttachment(t.Context(), by, "ses_a", core.Attachment{ID: "att_orphan"}, lots, nil))
		if err != nil {
			t.Fatal(err)
		}
		if err := s.PostAttachments(t.Context(), []string{"att_posted"}); err != nil {
			t.Fatal(err)
		}
		for when, want := range map[time.Time]int{time.Now().Add(-time.Hour): 0, time.Now().Add(time.Hour): 1} {
			ids, err := s.UnpostedAttachments(t.Context(), when)
			if err != nil || len(ids) != want || want == 1 && ids[0] != "att_orphan" {
				t.Errorf("the unposted files before %v are %v (%v)", when, ids, err)
			}
		}
		if unknown, err := s.UnknownAttachments(t.Context(), []string{"att_orphan", "att_none", "att_posted"}); err != nil || !slices.Equal(unknown, []string{"att_none"}) {
			t.Errorf("nothing is said to be known of %v (%v)", unknown, err)
		}
		if err := s.RemoveAttachment(t.Context(), "att_posted"); core.KindOf(err) != core.NotFound {
			t.Errorf("removing a posted file gave %v, want it to be left alone", err)
		}
		if err := s.RemoveAttachment(t.Context(), "att_orphan"); err != nil {
			t.Errorf("removing the orphan gave %v", err)
		}
		if err := s.PostAttachments(t.Context(), []string{"att_posted", "att_orphan"}); core.KindOf(err) != core.NotFound {
			t.Errorf("a message with a file that was swept got %v", err)
		}
	})
}

func TestU07UploadsAtOnceStayWithinTheQuota(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, s *Store) {
		const quota, size, uploads = 1000, 90, 30
		by := core.Actor{Role: core.CustomerRole, ID: "cus_a"}
		var all sync.WaitGroup
		var kept sync.Map
		for i := range uploads {
			all.Go(func() {
				id := fmt.Sprint("att_", i)
				switch err := s.AddAttachment(t.Context(), by, "ses_a", core.Attachment{ID: id, Size: size}, quota, nil); {
				case err == nil:
					kept.Store(id, true)
				case core.KindOf(err) != core.StorageFull:
					t.Errorf("upload %d: %v", i, err)
				}
			})
		}
		all.Wait()
		var one string
		count := 0
		kept.Range(func(id, _ any) bool {
			one = id.(string)
			count++
			return true
		})
		if bytes, err := s.StoredBytes(t.Context()); err != nil || count != quota/size || bytes != int64(count)*size {
			t.Fatalf("%d files of %d bytes were kept, and %d bytes counted (%v)", count, size, bytes, err)
		}
		if err := s.AddAttachment(t.Context(), by, "ses_a", core.Attachment{ID: "att_large", Size: quota + 1}, quota, nil); core.KindOf(err) != core.StorageFull {
			t.Errorf("a file larger than the quota got %v", err)
		}
		if _, _, err := s.Attachment(t.Context(), "att_large"); core.KindOf(err) != core.NotFound {
			t.Errorf("it was kept: %v", err)
		}
		err := errors.Join(s.RemoveAttachment(t.Context(), one), s.AddAttachment(t.Context(), by, "ses_a", core.Attachment{ID: "att_next", Size: size}, quota, nil))
		if err != nil {
			t.Errorf("after a file was removed the next one got %v", err)
		}
	})
}

func TestKeyOfAnUploadLetsOneFileThrough(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, s *Store) {
		by := core.Actor{Role: core.BotRole, ID: "bot_a"}
		add := func(id string) error {
			key := &core.Idempotency{Scope: by.ID, Key: "k", BodyHash: "x", Status: 201, Session: "ses_a", Result: id}
			return s.AddAttachment(t.Context(), by, "ses_a", core.Attachment{ID: id, Size: 1}, lots, key)
		}
		if err := add("att_one"); err != nil {
			t.Fatal(err)
		}
		if err := add("att_two"); core.KindOf(err) != core.KeyInProgress {
			t.Errorf("the same key again gave %v, want in progress", err)
		}
		kept, err := s.Idempotency(t.Context(), by.ID, "k")
		if err != nil || kept == nil || kept.Result != "att_one" || kept.Session != "ses_a" || kept.Status != 201 {
			t.Errorf("kept is %+v (%v)", kept, err)
		}
		if _, _, err := s.Attachment(t.Context(), "att_two"); core.KindOf(err) != core.NotFound {
			t.Errorf("the file of the second is there (%v)", err)
		}
		if bytes, err := s.StoredBytes(t.Context()); err != nil || bytes != 1 {
			t.Errorf("%d bytes are counted (%v), want those of one file", bytes, err)
		}
	})
}
