package coretest

import (
	"testing"

	"baton/core"
	"baton/core/desk"
)

// Database opens stores on one database: each call is another node, or the same one after a restart.
type Database func(t testing.TB) Backend

// Lasting says what of a database outlives a node.
type Lasting int

// A database is gone with its node, is there after a restart, or serves several nodes at the same time.
const (
	Gone Lasting = iota
	Kept
	Shared
)

// StoreSuite is what every Store must do. Fresh gives an empty database.
func StoreSuite(t *testing.T, fresh func(t testing.TB) Database, lasting Lasting) {
	for _, c := range []struct {
		name string
		run  func(*testing.T, Database)
	}{
		{"AChatGoesFromTheBotToAnAgentAndBack", handoffStory},
		{"ASecondRequestOfAConversationGetsTheOpenSession", onlyOneOpen},
		{"ARepeatedClientIDGetsTheFirstAnswer", repeats},
		{"I1I2EveryActInEveryStateIsAsTheTableSays", everyActInEveryState},
		{"WhoPassedAChatIsNotOfferedItAgainForAWhile", declineMemory},
		{"ThreeMissedOffersInARowSetAnAgentAway", missedInARow},
		{"TheChatsOfAGoneAgentGoBackToTheirOldPlace", goneAgent},
		{"TheChatsOfARemovedAgentGoBackToTheirOldPlace", removedAgent},
		{"TheChatsOfADisabledAgentDoNotWaitForHim", disabledAgent},
		{"ABusyAgentIsAskedOnlyWhenNobodyIsAvailable", busyOnlyWhenNobodyIsAvailable},
		{"I9TheLineIsServedByPriorityAndFirstArrival", lineOrder},
		{"I3NobodyGetsAbovePlacesButByForce", capacity},
		{"AgeingLetsNobodyWaitForEver", ageing},
		{"AClosedQueueKeepsChatsInTheirOrderUntilItOpens", keptUntilTheOpening},
		{"AClosedQueueThatKeepsNothingEndsChats", notKept},
		{"WhoLeavesAMessageMakesATicket", leftMessage},
		{"ThoseWhoWaitAtClosingTimeAreTreatedByRule", closingTime},
		{"TooLongAWaitIsRelievedByRule", tooLong},
		{"TooLongALineIsRelievedByRule", tooMany},
		{"AnAgentWhoSaysNothingLosesTheChat", noReply},
		{"ASilentCustomerIsWarnedAndThenLetGo", silence},
		{"ACustomerIsToldWhatTheQueueShows", toldByRule},
		{"RulesThatMakeNoSenseAreRefused", badRules},
		{"AwayTakesTheOpenOfferBackAndLeavesTheChats", withdrawnWhenAway},
		{"TheGiverKeepsAChatUntilTheReceiverAccepts", transferToAnAgent},
		{"TheEndWithdrawsTheOfferToAColleague", giverEnds},
		{"AGoneGiversOfferBecomesAnOrdinaryOne", giverGone},
		{"AChatInAnotherQueueKeepsItsFirstArrival", transferToAQueue},
		{"AReopenedChatContinuesTheOldOneAndIsRatedOnce", reopen},
		{"WatermarksNeverGoBack", receipts},
		{"ABotNeverTalksOverAHuman", epochs},
		{"ATranscriptStandsBeforeTheRequest", history},
		{"ListsNarrowAndPageAndShowWhatOneMayRead", lists},
		{"ACustomerHasOneNewestOpenSession", openSessionOf},
		{"AChangedContactIsInTheOpenChatsOfThatPerson", contacts},
		{"TagsAreCountedOnceForEachSessionWithinReach", tags},
		{"I6NobodySeesMoreThanIsHis", views},
		{"I5FollowersAreToldOnceInOrder", toldInOrder},
		{"I4SixteenAgentsClaimAndEachChatHasOneWinner", claims},
		{"OneMessageHoweverOftenItIsSentAtOnce", sameMessageAtOnce},
		{"OneSessionHoweverOftenItIsAskedForAtOnce", sameRequestAtOnce},
		{"AnIdempotencyKeyLetsOneActThrough", keys},
		{"EveryDecisionIsInTheLedger", ledger},
		{"TheLedgerIsReadBySessionQueueAndScript", ledgerLists},
		{"AScriptsValueIsKeptWhereItIsWhatWasRead", scriptValues},
		{"AScriptsCountIsNeverLostAtOnce", scriptValuesAtOnce},
		{"TenScriptedDaysEqualWhatTheirLogsComeTo", scriptedDays},
		{"FiguresRebuiltFromTheLogAreTheSameByteForByte", rebuiltFigures},
		{"SpoiltFiguresAreRepairedFromTheLog", mendedFigures},
		{"BadPeriodsAreRefusedInWords", badPeriods},
		{"WhatAnAgentIsIsNotedWhoeverChangesIt", agentStates},
		{"ARebuildEqualsWhatWasThere", rebuild},
		{"I7SnapshotAndEventsMakeAFreshSnapshot", snapshotAndEvents},
	} {
		t.Run(c.name, func(t *testing.T) { c.run(t, fresh(t)) })
	}
	if lasting >= Kept {
		t.Run("I5ARestartReadsEverythingBack", func(t *testing.T) { restart(t, fresh(t)) })
	}
	if lasting >= Shared {
		nodesSuite(t, fresh)
	}
}

func handoffStory(t *testing.T, db Database) {
	n := Start(t, db(t), Options{Dispatcher: true, Keeper: true})
	ann, bot := n.Agent(t, "Ann", 1), Bot("shop")
	first, second := n.Request(t, bot, "c1"), n.Request(t, bot, "c2")
	if first.Status != core.StatusPending || !first.OfferedTo(ann.ID) {
		t.Fatalf("the first chat is %s and not offered to Ann", first.Status)
	}
	if second.Status != core.StatusWaiting {
		t.Fatalf("the second chat is %s though Ann is full", second.Status)
	}
	ctx := t.Context()
	if _, err := n.Desk.Accept(ctx, ann, first.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := n.Desk.Post(ctx, bot, first.ID, desk.Message{ClientID: "1", Text: "hello"}); err != nil {
		t.Fatal(err)
	}
	if _, err := n.Desk.Post(ctx, ann, first.ID, desk.Message{ClientID: "1", Text: "hi, I am Ann"}); err != nil {
		t.Fatal(err)
	}
	if _, err := n.Desk.End(ctx, ann, first.ID, desk.End{}); err != nil {
		t.Fatal(err)
	}
	Until(t, "the freed place is given to the second chat", func() bool {
		s, err := n.Session(ctx, second.ID)
		return err == nil && s.OfferedTo(ann.ID)
	})
	log := n.Log(t, first.ID)
	CheckLog(t, log)
	if !sameTypes(log, core.EventRequested, core.EventOffered, core.EventAccepted, core.EventPosted, core.EventPosted, core.EventEnded) {
		t.Errorf("the log tells %v", Types(log))
	}
	if end := log[5].Data.(*core.Ended); end.ReturnTo != "bot" || end.Reason != "resolved" {
		t.Errorf("the chat ended with %+v", end)
	}
	n.CheckPlaces(t)
}

func onlyOneOpen(t *testing.T, db Database) {
	n := Start(t, db(t), Options{})
	bot := Bot("shop")
	first := n.Request(t, bot, "c1")
	if again := n.Request(t, bot, "c1"); again.ID != first.ID {
		t.Errorf("the conversation has two open sessions, %s and %s", first.ID, again.ID)
	}
	if other := n.Request(t, Bot("other"), "c1"); other.ID == first.ID {
		t.Errorf("another bot got the session of this one")
	}
	if _, err := n.Desk.End(t.Context(), bot, first.ID, desk.End{}); err != nil {
		t.Fatal(err)
	}
	if after := n.Request(t, bot, "c1"); after.ID == first.ID {
		t.Errorf("an ended session was given for a new request")
	}
}

func repeats(t *testing.T, db Database) {
	n := Start(t, db(t), Options{})
	bot := Bot("shop")
	s := n.Request(t, bot, "c1")
	ctx := t.Context()
	first, err := n.Desk.Post(ctx, bot, s.ID, desk.Message{ClientID: "a", Text: "one"})
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{"one", "another text"} {
		again, err := n.Desk.Post(ctx, bot, s.ID, desk.Message{ClientID: "a", Text: text})
		if err != nil || again != first {
			t.Errorf("the repeat got %+v, %v, the first %+v", again, err, first)
		}
	}
	if _, err := n.Desk.End(ctx, bot, s.ID, desk.End{}); err != nil {
		t.Fatal(err)
	}
	if again, err := n.Desk.Post(ctx, bot, s.ID, desk.Message{ClientID: "a", Text: "one"}); err != nil || again != first {
		t.Errorf("after the end the repeat got %+v, %v", again, err)
	}
	if _, err := n.Desk.Post(ctx, bot, s.ID, desk.Message{ClientID: "b", Text: "two"}); core.KindOf(err) != core.SessionEnded {
		t.Errorf("a new message after the end got %v", err)
	}
	if texts := posted(n.Log(t, s.ID)); len(texts) != 1 {
		t.Errorf("the log holds %q", texts)
	}
}
