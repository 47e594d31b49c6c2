### The words of Plenary. English is the measure; `npm run words` holds the other languages to it.
### The words of DESIGN.md mean here what they mean there: report, section, participant, organization, recommendation.

plenary = Plenary

## Everywhere
skip-to-main = Skip to the text
language = Language
theme-to-dark = Dark colours
theme-to-light = Light colours
sign-out = Sign out
close = Close
cancel = Cancel
save = Save
saving = Saving…
undo = Undo
copy-link = Copy link
link-copied = Link copied.
copy-failed = This browser does not let us copy. The link is: { $link }
try-again = Try again
menu = Menu
all-reports = All reports
administrator = Administrator
somebody = Somebody
person-of = { $name }, { $organization }
person-for = { $name }, for { $organization }
none = none

## What goes wrong
trouble-offline = You are offline, or the server is away. What you typed is still here: try again when the connection is back.
trouble-unauthenticated = You are signed out. Open your invitation link again; what you typed stays in this window.
trouble-forbidden = You may see this, but not change it.
trouble-not-found = This is not there any more, or you may not see it.
trouble-invalid-invitation = This invitation is not valid, or not any more.
trouble-invalid = Something in what you entered does not fit.
trouble-too-large = This is too long. Shorten it, or divide it in two.
trouble-conflict = Somebody was faster: this has changed in the meantime. Look at it as it is now, then try again.
trouble-too-many-requests = Too many tries in a short time. Wait a minute, then try again.
trouble-unavailable = The server is restarting or busy. What you typed is still here: try again in a moment.
trouble-fault = Something went wrong on our side. What you typed is still here.

lost-address-title = There is nothing at this address
lost-address-text = It may have been mistyped, or the page was moved.
lost-report-title = This report is not there for you
lost-report-text = Either there is no such report, or you are not invited to it. If you have an invitation link, open it again.
lost-section-title = There is no such section
lost-section-text = It may have been removed from the outline. The other sections are in the outline.
lost-signed-out-title = You are signed out
lost-signed-out-text = Open your invitation link again: it signs you in.
lost-server-title = The server can’t be reached
lost-server-text = Check your connection. Changes that you made here are kept on this device and sent when the server answers.
lost-fault-title = This page can’t be shown
lost-fault-text = The fault is ours, and the report is safe on the server. Loading the page again may help.
load-again = Load again

## Roles, stages, kinds
role-coordinator = Coordinator
role-drafter = Drafter
role-reviewer = Reviewer
role-observer = Observer
role-removed = Removed
stage-drafting = Drafting
stage-in_review = In review
stage-agreed = Agreed
stage-locked = Locked
kind-government = Government
kind-un_system = United Nations system
kind-civil_society = Civil society
kind-academia = Academia
kind-private_sector = Private sector
kind-local_authority = Local authority
kind-other = Other
dimension-1 = Migrants’ rights
dimension-2 = Whole-of-government approach
dimension-3 = Partnerships
dimension-4 = Well-being of migrants
dimension-5 = Mobility dimensions of crises
dimension-6 = Safe, orderly and regular migration
priority-high = High
priority-medium = Medium
priority-low = Low
status-proposed = Proposed
status-under_discussion = Under discussion
status-agreed = Agreed
status-not_agreed = Not agreed
status-merged = Merged
status-withdrawn = Withdrawn
status-published = Published
position-support = Support
position-support_with_changes = Support with changes
position-object = Object
position-abstain = Abstain
position-no_mandate = No mandate
position-waiting = Waits for a condition
position-lapsed = Condition not met
position-none = No position yet
positions-part = { $count } { $position }

## Join
join-page = Your invitation
join-skip = Skip to the form
join-plate = Your name plate
join-caption = This is how others will see you: on every comment and recommendation, and beside your cursor.
join-invited = Invitation to review a draft report
join-lead-coordinator = You are invited to coordinate the review of this draft report: set up its sections, invite people, edit, comment, and settle recommendations.
join-lead-drafter = You are invited to draft this report: write its sections, answer comments, and recommend.
join-lead-reviewer = You are invited to review this draft report: read it, comment on passages, and recommend for your organization.
join-lead-observer = You are invited to observe the review of this draft report: read its sections, comments and recommendations.
join-name = Your name, as others should see it
join-name-missing = Enter the name that others should see.
join-your-name = Your name
join-organization = You speak for
join-organization-set = set by the coordinator
join-organization-hint = Wrong organization? Tell whoever sent you this link before you go on. You can’t change it later.
join-keep = Keep me signed in on this device for 30 days. Don’t tick this on a shared computer.
join-enter = Enter the report
join-entering = Entering…
join-not-me = I am not { $name }
join-not-me-text = Then this link was made for somebody else. Close this page and tell whoever sent it; ask for a link of your own.
join-stored = What is stored about me
join-stored-text = Your name, organization, what you write and when. The others on this report can see these. You can ask the coordinator to remove you; what you wrote stays, with your name.
join-checking = Looking up your invitation…
join-expired-title = This invitation is not valid any more
join-expired-text = It has expired or was withdrawn. Ask whoever sent it for a new link; nothing you wrote is lost.
join-no-link-title = This link is not complete
join-no-link-text = The part after the # is missing. Copy the whole link from your invitation, or open it from there.

## Reports
reports-page = Reports
reports-title = Your reports
reports-empty-title = No reports yet
reports-empty-text = Open an invitation link: the report is listed here from then on.
reports-signed-out-title = Open your invitation link
reports-signed-out-text = Plenary has no passwords. The link in your invitation signs you in, on this device, to its report. If you can’t find it, ask the coordinator of the review for a new one.
reports-sections = { NUMBER($count) ->
    [one] { $count } section
   *[other] { $count } sections
}
open-comments = { NUMBER($count) ->
    [one] { $count } open comment
   *[other] { $count } open comments
}
recommendations-count = { NUMBER($count) ->
    [one] { $count } recommendation
   *[other] { $count } recommendations
}
report-since = since { $day }
you-are = You are { $name }, { $organization }

## The report's frame
nav-label = Parts of this report
nav-report = Report
nav-recommendations = Recommendations
nav-overview = Overview
nav-people = People
outline = Outline
outline-empty = This report has no sections yet.
section-number = Section { $number }
pane-text = Text
pane-review = Review
pane-register = Register
here-now = { NUMBER($count) ->
    [0] Nobody else is here now
    [one] { $count } person is here now
   *[other] { $count } people are here now
}
here-in-section = here: { $names }
you-label = You: { $who }
review-loading = Loading the report…

## The outline and the stages, for coordinators
outline-add = Add a section…
outline-menu = Change section: { $title }
outline-rename = Rename…
outline-up = Move up
outline-down = Move down
outline-is-first = it is the first already
outline-is-last = it is the last already
outline-title = Title
outline-title-missing = Enter a title.
outline-kind = Kind
outline-after = Stands after
outline-at-start = (at the beginning)
outline-drafted-by = Drafted by
outline-save-new = Add section
outline-added = Section added: { $title }.
outline-changed = Section changed: { $title }.
outline-start = Add the first section: people write, comment and recommend in sections.
outline-wait = The coordinator has not added sections yet. They appear here as soon as there are any.
section-kind-front = Front matter, not numbered
section-kind-narrative = Narrative
section-kind-dimension = Dimension
section-kind-register = Recommendations
section-kind-annex = Annex
stage-change = Change stage…
stage-means-drafting = Drafters edit. Reviewers may already comment and recommend.
stage-means-in_review = Reviewers comment and recommend; drafters still edit.
stage-means-agreed = Only coordinators edit. Comments and recommendations are still taken.
stage-means-locked = Nobody edits, comments or recommends. Open comments can still be resolved.
stage-set = { $title }: { $stage }.
stage-lock = Lock
stage-lock-title = Lock “{ $title }”?

saved-saved = Saved
saved-saving = Saving…
saved-offline = { NUMBER($count) ->
    [0] Offline
    [one] Offline, { $count } change kept here
   *[other] Offline, { $count } changes kept here
}
saved-refused = { NUMBER($count) ->
    [one] { $count } change not accepted
   *[other] { $count } changes not accepted
}
saved-saved-title = Everything is saved
saved-saved-text = Your last change reached the server’s disk, and everyone here can see it.
saved-saving-title = Saving your last change
saved-saving-text = It is on this device and on its way. Others see it when the server has it on disk.
saved-offline-title = You are offline
saved-offline-text = Keep working: your changes are kept in this window and sent when the connection is back. Others don’t see them yet. Don’t close this window until it says Saved.
saved-refused-title = Not accepted
saved-refused-text = The server did not take this change. Your words are kept: look at the message beside the text.
back-online = Connected again.
removed-title = You are not on this report any more.
removed-text = The coordinator ended your access. What you wrote stays, with your name.
news-recommendations = { NUMBER($count) ->
    [one] { $count } new recommendation.
   *[other] { $count } new recommendations.
}
alarm-offline = You are offline.

keys-title = Keys
keys-panes = Outline, text, review, bar: next part of the page
keys-panes-back = The part before
keys-help = This list
keys-comment = Comment on the selected words
keys-recommend = Recommend on the selected words
keys-next-mark = Next mark in the text
keys-previous-mark = Previous mark in the text
keys-send = Send what you wrote
keys-close = Close what is open
keys-undo = Undo your own last change
keys-bold = Bold
keys-italic = Italic

## Recommendations
no-lead = No lead yet

## The form of a recommendation
form-text = In full
form-dimension = Dimension
form-lead = Lead institution
form-timeframe = By when
form-priority = Priority
form-rationale = Why (optional)
form-not-set = Not set
form-saved-new = R{ $number } is recorded.

## People
people-title = People
people-text = Everyone on this report, and whom they speak for.
people-invite = Invite a person
people-name = Name
people-organization = Organization
people-organization-hint = A name that is not here yet makes a new organization.
people-code = Short code for its plate
people-kind = Kind of organization
people-role = Role
people-joined = Joined
people-not-joined = not yet
people-invite-send = Make an invitation link
people-name-missing = Enter a name.
people-organization-missing = Enter an organization.
people-made = Invitation for { $name }
people-made-text = Send this link to { $name } alone. Whoever opens it speaks in that name. It is shown only now.
people-remove = Remove
people-remove-title = Remove { $name } from this report?
people-remove-text = Their link and their open pages end at once. What they wrote stays, with their name.
people-removed = { $name } was removed.

### Text and review

## Tools
tools-label = Text tools
mode-label = Mode
mode-editing = Editing
mode-viewing = Viewing
tool-style = Paragraph style
style-paragraph = Text
style-h2 = Heading 1
style-h3 = Heading 2
style-h4 = Heading 3
style-quote = Quotation
tool-bold = Bold
tool-italic = Italic
tool-underline = Underline
tool-strike = Strikethrough
tool-bulletList = Bulleted list
tool-orderedList = Numbered list
tool-table = Table
tool-link = Link
tool-note = Footnote
tool-redo = Redo
tool-more = More tools
tool-comment = Comment
tool-recommend = Recommend
table-row = Add row
table-column = Add column
table-row-out = Remove row
table-column-out = Remove column
table-out = Remove table
link-address = Address
link-set = Link
link-remove = Remove link
link-wrong = This is no web or e-mail address. Example: https://iom.int
note-words = Words of the footnote
note-remove = Remove footnote
note-edit = Edit this footnote
note-empty = (no words yet)
note-back = Back to the text
notes-label = Footnotes

## The sheet
sheet-placeholder = Nothing written here yet. Begin to write.
sheet-loading = Loading the text…
sheet-stages = Stage of this section
sheet-drafted-by = Drafted by { $name }
sheet-why-locked = This section is locked: nobody edits or comments.
sheet-why-agreed = This section is agreed: only the coordinator edits.
sheet-why-role = You can read this section. Only drafters write here.
sheet-was-locked = This section was locked.
sheet-held = The server refused several changes in a row, so this page only shows the text now. Load the page again to go on.
refused-title = Not accepted.
refused-no-words = No words were lost.
refused-copy = Copy
refused-copied = Copied.
refused-copy-failed = This browser does not let us copy. Select the words and copy them yourself.
refused-send = Send as a comment
refused-put-away = Put away

## Cards
rail-kinds = What to show
rail-all = All
rail-comments = Comments
rail-recommendations = Recs
rail-filters = Filters
rail-open = Open
rail-mine = Mine
rail-hidden = { NUMBER($count) ->
    [one] { $count } hidden
   *[other] { $count } hidden
}
rail-no-fit = No comment fits these filters
rail-show-all = Show all
rail-empty = No comments in this section
rail-empty-how = Select some words, then press Ctrl Alt M or choose Comment.
rail-new = { NUMBER($count) ->
    [one] { $count } new comment.
   *[other] { $count } new comments.
}
bundle-passage = { NUMBER($count) ->
    [one] { $count } comment on this passage
   *[other] { $count } comments on this passage
}
bundle-section = { NUMBER($count) ->
    [one] { $count } comment on the whole section
   *[other] { $count } comments on the whole section
}
detached-title = { NUMBER($count) ->
    [one] { $count } without a place in the text
   *[other] { $count } without a place in the text
}
detached-text = Their passage was deleted. They stay here, with the words they were about, until someone resolves them or gives them a new place.
place-hint = Select the words it is about now, then choose “Place here”.
card-edited = edited
card-edit = Edit your comment
card-edit-reply = Edit your reply
card-paragraph = Paragraph { $number }
card-whole-section = whole section
card-lost = without a place
card-open = open
card-resolved = resolved
card-name-comment = Comment, { $where }, { $who }, { $replies }, { $state }
card-name-recommendation = Recommendation { $number }, { $where }
card-replies = { NUMBER($count) ->
    [0] no replies
    [one] { $count } reply
   *[other] { $count } replies
}
card-reply = Reply
card-resolve = Resolve
card-reopen = Reopen
card-resolved-by = Resolved by { $name }
card-place-again = Place again…
rec-lead = Lead: { $name }
rec-in-register = See in the register
flag-spoken = recommendation on this passage
toast-resolved = Comment resolved.
toast-undo-failed = This could not be undone. Open the comment again from its card.
toast-placed = Placed again.
bubble-label = On the selected words
bubble-place = Place here
compose-comment = Your comment
compose-recommendation = New recommendation
compose-new = New
compose-number = gets its number when you save
compose-whole-section = On the whole section
compose-what = What should happen?
compose-save-later = Save, complete later
compose-all-fields = All fields…
advice-verb = The title does not say what is to be done: begin with a verb.
advice-lead = No lead institution yet
advice-timeframe = No date yet
advice-label = What it still lacks
advice-linked = Linked to the passage
section-recommendations = Recommendations of this section
