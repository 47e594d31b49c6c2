### The words of the meeting and of the pictures.

## What an organization says to a recommendation
says-renew = to be renewed
says-waits-for = Waits for R{ $number }
says-lapsed-with = Lapsed: R{ $number } was not agreed
sum-support = support
sum-support_with_changes = support with changes
sum-object = object
sum-abstain = abstain
sum-no_mandate = no mandate
sum-waiting = wait for a condition
sum-lapsed = condition not met
sum-none = no position yet

## The meeting on the projector
meet-page = Meeting
meet-live = Live, saved
meet-connecting = Connecting…
meet-lost = Connection lost: as it was last known
meet-own = Only in this window
meet-empty-title = Nothing to settle
meet-empty-text = As soon as a recommendation is put forward, it appears here.
meet-waiting-title = The meeting is about to go on
meet-waiting-text = The chair has not chosen a recommendation yet.
meet-dimension = Dimension { $number }, { $name }
meet-lead = lead: { $name }
meet-timeframe = by { $time }
meet-from-section = section { $number }
meet-spoken = { $spoken } of { $all } have spoken
meet-clock = Time left
meet-clock-over = Time is over
meet-clock-none = The clock is not set
meet-clock-start = Start the clock
meet-clock-stop = Stop the clock
meet-clock-set = Set the clock
meet-minutes = { NUMBER($count) ->
    [one] { $count } minute
   *[other] { $count } minutes
}
meet-quote = “{ $text }”
meet-asks = What organizations ask to change
meet-asks-none = Nobody asks for other words.
meet-previous = Previous
meet-next = Next
meet-contested = Next contested
meet-agenda = Order of the day
meet-to-settle = { NUMBER($count) ->
    [one] { $count } to settle
   *[other] { $count } to settle
}
meet-wording-show = Show wording
meet-wording-hide = Hide wording
meet-full = Full screen
meet-full-end = Leave full screen
meet-chair = Chair’s screen
meet-projector = Open the projector’s screen
meet-agree = Record as agreed…
meet-not-agree = Record as not agreed…
meet-keys = ← → change, Space clock, W wording, F full screen
meet-says-news = { $code }: { $says }. { $spoken } of { $all }.
meet-table-news = R{ $number }: { $title }
meet-status-news = R{ $number }: { $status }

## The chair's screen
chair-title = Chair’s screen
chair-lead = What you choose here is shown by every projector of this report.
chair-not-begun = No meeting is on: every window shows what it chooses itself.
chair-not-coordinator = Only the coordinator chairs. You can follow the meeting on the projector’s screen.
chair-begin = Start the meeting
chair-end = End the meeting
chair-on-table = On the table
chair-clock = Clock
chair-reset = Back to { $time }
chair-decide = What the meeting decides
chair-decide-closed = { $status }. To change that, open its discussion again in the register.
chair-discuss = Open discussion
chair-dispose = Ask { $code } to accept…
chair-disposition-asked-agreed = { $code } is asked to accept that it is recorded as agreed.
chair-disposition-asked-not_agreed = { $code } is asked to accept that it is recorded as not agreed.
chair-disposition-accepted-agreed = { $code } accepts that it is recorded as agreed.
chair-disposition-accepted-not_agreed = { $code } accepts that it is recorded as not agreed.
chair-disposition-declined-agreed = { $code } does not accept that it is recorded as agreed.
chair-disposition-declined-not_agreed = { $code } does not accept that it is recorded as not agreed.
chair-because = Reason: { $reason }
chair-silent = Has not spoken
chair-silent-none = Everybody has spoken.
chair-spoken = Has spoken
chair-spoken-none = Nobody has spoken yet.
chair-record = Record what { $name } says
chair-record-again = Record a new position of { $name }
chair-on-behalf = recorded by the coordinator
chair-earlier = on an earlier wording
chair-why-objection = { NUMBER($count) ->
    [one] { $count } objection
   *[other] { $count } objections
}
chair-why-condition = { NUMBER($count) ->
    [one] { $count } condition
   *[other] { $count } conditions
}
chair-why-disposition = Declined by its organization
chair-why-changes = { NUMBER($count) ->
    [one] { $count } asks for changes
   *[other] { $count } ask for changes
}
chair-why-renew = { NUMBER($count) ->
    [one] { $count } position to be renewed
   *[other] { $count } positions to be renewed
}
chair-why-silence = { NUMBER($count) ->
    [one] { $count } has not spoken
   *[other] { $count } have not spoken
}
chair-why-none = Not contested

## Dialogs of the chair
chair-reason-agreed = Agreed in the meeting: { $sums }.
chair-reason-not_agreed = Not agreed in the meeting: { $sums }.

## Pictures
pic-title = Overview
pic-say = { NUMBER($count) ->
    [one] { $count } recommendation, { $settled } settled
   *[other] { $count } recommendations, { $settled } settled
}
pic-say-contested = { NUMBER($count) ->
    [one] { $count } is contested
   *[other] { $count } are contested
}
pic-lead = Positions of organizations, live. Only what counts is added up: positions that wait for a condition, or lost it, stand apart.
pic-empty-title = No pictures yet
pic-empty-text = They appear with the first recommendation.
pic-print = Print
pic-meeting = Meeting
pic-as-table = Show as a table
pic-save = Save as SVG
pic-saved = { $name } was saved.
pic-organizations = Support by organization
pic-organizations-about = What each organization says, over all recommendations.
pic-dimensions = Support by dimension
pic-dimensions-about = Positions on the recommendations of each dimension.
pic-objectives = Support by Global Compact objective
pic-objectives-about = Positions on the recommendations of each objective; one recommendation may serve several.
pic-objectives-none = No recommendation names an objective of the Global Compact yet.
pic-path = The path over time
pic-path-about = How many recommendations stood where, since the first was put forward.
pic-organization = Organization
pic-dimension = Dimension
pic-objective = Objective
pic-objective-of = Objective { $number }
pic-recommendations = Recommendations
pic-no-dimension = None
pic-day = Day
pic-desc-row = { $name }: { $parts }
pic-part = { $what } { $count }
