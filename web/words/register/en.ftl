### The words of the register of recommendations and of a record.

register-meeting = Meeting
register-pictures = Pictures
register-title = Recommendations
register-so-far = { NUMBER($count) ->
    [0] None so far.
    [one] { $count } so far.
   *[other] { $count } so far.
}
register-new = New recommendation
register-view = Show as
register-table = Table
register-cards = Cards
register-search = Search
register-dimension = Dimension
register-lead = Lead
register-priority = Priority
register-incomplete = No lead or no date
register-number = No.
register-recommendation = Recommendation
register-by = By
register-status = Status
register-group = Dimension { $number }. { $name }
register-empty-title = No recommendations yet
register-empty-text = Open a section, select the passage that calls for action, choose Recommend. Or write one here.
register-no-fit-title = No recommendation fits
register-hidden = { NUMBER($count) ->
    [one] { $count } recommendation is hidden by the search and filters.
   *[other] { $count } recommendations are hidden by the search and filters.
}
register-clear = Clear search and filters
register-changed = This row does not fit the filters any more; it stays until you move on.
no-date = No date yet
no-lead-no-date = No lead and no date yet
leads = leads
priority-said-high = High priority
priority-said-medium = Medium priority
priority-said-low = Low priority
record-label = Recommendation R{ $number }
record-section = Section { $number }, { $title }
record-passage = Passage
record-rationale = Why
record-author = Put forward by
record-edited = Last changed
record-not-there = There is no such recommendation
record-not-there-text = It may belong to another report, or the address was mistyped.
form-new = New recommendation
form-title = What should happen?
form-title-hint = One sentence that starts with a verb: “Give workers sixty days to find a new employer.”
form-title-missing = Say in one sentence what should happen.
form-text-missing = Write the recommendation in full, even if it is one sentence.
form-section = Section
form-timeframe-hint = A date or a span: “December 2027”, “12 months”.
form-save-new = Save recommendation
form-draft = Your draft was kept from before.
form-draft-drop = Start anew

## The register's head
register-sums = { $agreed } agreed, { $discussed } under discussion.
register-asked = { NUMBER($count) ->
    [one] Positions of { $count } organization, live.
   *[other] Positions of { $count } organizations, live.
}
export = Export
export-means = All recommendations with the sums of positions, as they are now.
export-xlsx = Spreadsheet (.xlsx)
export-csv = Table (.csv)
export-public = The public page
export-json = Data (.json)

## Views
views-label = Views of the register
view-all = All
view-settle = To settle
view-incomplete = No lead or no date
view-silent = { $code } has not spoken
view-renew = { $code } has to renew
view-published = Published
view-save = Save this view…
view-save-title = Save this view
view-name = Name of the view
view-save-hint = Search, filters, order and groups. The name is kept in this browser; the view itself is its link, which you can send to others.
view-forget = Forget the view { $name }

## Filters, order, groups
register-section = Section
register-theme = Theme
register-gcm = Global Compact
register-sdg = SDG targets
register-position = Position
register-organization = Organization
register-positions = Positions
register-who = By organization
register-more = More filters
register-any = (any)
register-all-status = Any status
register-all-dimension = All dimensions
register-all-lead = All leads
register-mine = Put forward by me
register-not-merged = Not merged
register-open = Proposed or under discussion
register-by-other = No date in it
register-without-dimension = No dimension
register-without-lead = No lead
register-without-theme = No theme
register-without-priority = No priority
register-without-by = No date
register-without-gcm = No objective of the Global Compact
register-without-sdg = No SDG target
register-without-position = No position
register-group-by = Group by
register-group-none = No groups
register-sort-by = Sort by
register-down = Last first
register-drop-filter = remove this filter
register-caption = Register of recommendations
matrix-caption = Position of each organization on each recommendation
matrix-cell = { $code }: { $position }
matrix-cell-renew = { $code }: { $position }, to be renewed

## By organization
who-caption = Positions by organization
who-organization = Organization
who-head = Head of delegation
who-no-head = nobody named
who-set-head = Name…
who-change-head = Change…
who-leads = Leads
who-silent = { $name }: no position yet on { $count }
who-renew = { $name }: { $count } to be renewed
who-leads-count = { $name } leads { $count }
head-title = Head of delegation of { $name }
head-means = Only the head takes the organization’s positions, answers how its recommendations are recorded, and withdraws them. Its other members comment and recommend as before. Without a head, each of them can.
head-nobody = Nobody of this organization is on the report yet, or only as observer. Invite somebody first.

## Fields in place
edit-field = Edit: { $field }
edit-empty = This field can’t be empty.
edit-overtaken = Changed meanwhile.
edit-overtaken-text = Somebody changed this field while you were writing. What you typed is above, and replaces theirs when you save. Now it says:
edit-take-theirs = Leave it as it is now
picker-search = Search in this list
picker-own = added for this report
picker-nothing = Nothing in this list fits.
picker-code = Code
picker-title = Title
picker-add = Add to the list
picker-add-own = Add to this list…
institution-hint = Choose an organization of this report, or enter another name.
institution-known = An organization of this report: { $code }.
institution-other = Not an organization of this report; the name is kept as you write it.
institution-add = Add
institution-none = enter a name first
institution-drop = Remove { $name }
evidence-claim = Claim { $number }
evidence-claim-missing = Say what each source shows.
evidence-source = Source
evidence-source-hint = A web address, or a publication with its page.
evidence-drop = Remove claim
evidence-add = Add a claim
evidence-no-source = no source yet
record-supporting = Supporting
record-supporting-add = Supporting institution
record-verified = Verified by
record-verified-hint = How anyone will see that it was done: a document, a figure, a date.
record-not-verified = not stated yet
record-evidence = Evidence
record-merged-into = Merged into R{ $number } { $title }
record-split-from = Split off from R{ $number }
record-carried-from = Carried over from R{ $number } of an earlier report
record-detached = Its passage was deleted from the text.
record-place = Place it again in the text
advice-title = Not yet actionable
advice-means = This is advice, it blocks nothing.

## Positions
positions-of = { $count } of { NUMBER($all) ->
    [one] { $all } organization
   *[other] { $all } organizations
}
positions-maintained = { NUMBER($count) ->
    [one] { $count } objection maintained
   *[other] { $count } objections maintained
}
positions-trail = { NUMBER($count) ->
    [one] { $count } earlier position
   *[other] { $count } earlier positions
}
position-renew = To be renewed
position-earlier = taken on an earlier wording
position-with = with: { $changes }
position-if = if R{ $number } is agreed
position-on-behalf = recorded by the coordinator
position-for = R{ $number }, for { $organization }
position-missing = Choose a position.
position-changes = What would have to change?
position-changes-missing = Say what would have to change.
position-statement = Statement, everyone can read it
position-condition = Only if another is agreed
position-no-condition = (no condition)
position-condition-hint = With a condition it counts as soon as the other recommendation is agreed, and lapses when that is not agreed or withdrawn.
position-reworded = The wording changed while you were writing. Read it again before you record the position.
position-read-again = I have read it
position-record = Record our position
position-record-for = Record for { $code }
position-recorded = R{ $number }, { $code }: { $position }.
mine-says = Your organization, { $code }:
mine-none = Your organization, { $code }, has not taken a position.
mine-head = Head of delegation: { $name }.
mine-you-head = You are its head of delegation.
mine-on-behalf = { $name } recorded this position for you. Confirm it, or correct it.
mine-confirm = Confirm
mine-correct = Correct…
mine-renew = A merge or split has changed what this recommendation says. Renew the position, or change it.
mine-renew-as-is = Renew as it is
mine-change = Change our position…
mine-earlier = It was taken on an earlier wording.
mine-only-head = Only { $name } takes positions for your organization. Tell them what you think of it.
mine-closed = Positions are closed.
behalf = Record for an organization…
behalf-whose = Whose position do you record?
behalf-choose = (choose an organization)
behalf-hint = It shows that you recorded it; the organization is asked to confirm or correct it.

## The path
record-path = Path
record-next = What next
record-next-none = The coordinator decides what comes next; the organization that proposed it can withdraw it.
next-discuss = Open the discussion…
next-propose_disposition = Ask to accept…
next-decide = Record…
next-publish = Publish…
next-merge = Merge…
next-split = Split…
next-withdraw = Withdraw…
next-reopen = Reopen…
step-proposed = Put forward
step-discussion = Discussion opened
step-disposition_proposed = Asked to accept: { $status }
step-disposition_accepted = Accepted: { $status }
step-disposition_declined = Declined: { $status }
step-decided = Recorded: { $status }
step-merged = Merged into { $other }
step-gained = { $other } merged into it
step-split = { $other } split off
step-withdrawn = Withdrawn
step-reopened = Discussion reopened
step-done = R{ $number }: { $deed }.
step-published = Published
disposition-asks = The coordinator wants to record R{ $number } as: { $status }.
disposition-asks-us = Does { $organization }, which proposed it, accept?
disposition-waits = { $organization } was asked to accept: { $status }. No answer yet.
disposition-head = { $name } answers for it.
disposition-accepted = { $organization } accepted: { $status }. It still has to be recorded.
disposition-declined = { $organization } declined: { $status }.
disposition-decline = Decline…
ask-status = Record as
ask-reason = Reason
ask-reason-optional = Reason (optional)
ask-reason-missing = Say why: it stays on the path for everyone.
ask-reason-hint = Everyone on the report can read it.
ask-discuss = Open the discussion of R{ $number }?
ask-propose_disposition = Ask how R{ $number } may be recorded?
ask-accept = Accept how R{ $number } is recorded?
ask-decline = Decline how R{ $number } is recorded?
ask-agreed = Record R{ $number } as agreed?
ask-not_agreed = Record R{ $number } as not agreed?
ask-publish = Publish R{ $number }?
ask-merge = Merge R{ $number } into another?
ask-split = Split R{ $number }?
ask-withdraw = Withdraw R{ $number }?
ask-reopen = Reopen R{ $number }?
means-discuss = Everyone sees that it is on the table. Positions stay.
means-propose_disposition = { $organization }, which proposed it, is asked to accept or decline. Nothing is decided by that.
means-accept = The coordinator can then record it without a further reason.
means-decline = Your reason stays on its path. The coordinator can still record it, and has to say why.
means-decide = Positions close, and everyone on the report sees the result. It can be reopened, with a reason.
means-objections = { NUMBER($count) ->
    [one] { $count } objection is maintained on record.
   *[other] { $count } objections are maintained on record.
}
means-publish = It goes into the public register, where everyone can read it. Its fields and positions are closed for good; this can’t be taken back.
means-merge = It ends here and points to the other one. The other one keeps its title and text; organizations are asked to renew their positions on it. This can’t be taken back.
means-split = A new recommendation of the same author comes out of it and is discussed on its own. Organizations are asked to renew their positions on this one.
means-withdraw = It stays in the register as withdrawn, with your reason. The coordinator can reopen it.
means-reopen = It is discussed again, and positions can be taken again.
do-discuss = Open the discussion
do-propose_disposition = Ask
do-accept = Accept
do-decline = Decline
do-agreed = Record as agreed
do-not_agreed = Record as not agreed
do-publish = Publish
do-merge = Merge
do-split = Split
do-withdraw = Withdraw
do-reopen = Reopen
merge-into = Merge it into
merge-choose = Choose the recommendation that stays.
merge-this = R{ $number }, which ends
merge-that = R{ $number }, which stays
split-title = What should the new one achieve?
conflict-title = Somebody was faster
conflict-text = { $who }, { $time }: “{ $deed }”. Your choice was not recorded.
conflict-kept = What you wrote is kept for your next try:
conflict-see = See R{ $number } as it is now

## Follow-up
progress = Progress
progress-not_started = Not started
progress-under_way = Under way
progress-done = Done
progress-dropped = Dropped
progress-none = Nothing reported yet.
progress-report = Report progress…
progress-who = The lead institution and the coordinator report progress.
progress-state = How far has it got?
progress-note = What was done
progress-link = Where that can be seen (a web address)
progress-link-wrong = This is no web address. Example: https://iom.int
progress-send = Record progress
progress-recorded = Progress of R{ $number } is recorded.
carry = Carry over…
carry-title = Carry over from an earlier report
carry-means = What was agreed or published there and is neither done nor dropped can go on here, as proposed, with a link to where it came from.
carry-no-report = You coordinate no other report with recommendations.
carry-from = From which report
carry-choose = (choose a report)
carry-which = Which ones
carry-nothing = Nothing of that report is open, or all of it is here already.
carry-none = choose at least one
carry-do = { NUMBER($count) ->
    [0] Carry over
    [one] Carry over { $count }
   *[other] Carry over { $count }
}
carry-done = { NUMBER($count) ->
    [0] Nothing was left to carry over.
    [one] { $count } recommendation is carried over.
   *[other] { $count } recommendations are carried over.
}

### The wording of a recommendation, written together.

wording-label = Wording of R{ $number }: its title, then its text
wording-comment = Comment on the wording
wording-comment-words = Comment on these words
wording-comments = { NUMBER($count) ->
    [0] No open comment on the wording
    [one] { $count } open comment on the wording
   *[other] { $count } open comments on the wording
}
wording-open-only = Open only
wording-title-empty = The first line is the title. While it is empty, the register keeps the title from before.
wording-title-long = The first line is the title, of at most 300 characters. While it is longer, the register keeps the title from before.
wording-text-empty = There is no text below the title. While there is none, the register keeps the text from before.
wording-text-long = The text may have 20,000 characters. While it is longer, the register keeps the text from before.
wording-why-observer = You can read this wording. Ask the coordinator if you want to comment or write.
wording-why-others = You can read this wording and comment on it. Drafters, the coordinator and the organization that proposed it write here.
wording-why-decided = This recommendation is decided: only the coordinator changes its wording. Comment on what should still change.
wording-why-merged = This recommendation was merged into another: nobody writes here.
wording-why-withdrawn = This recommendation was withdrawn: nobody writes here.
wording-why-published = This recommendation is published: its wording stays as it is.
card-words = On some words of the wording
card-whole-wording = The whole wording
compose-whole-wording = On the whole wording
