"""From a complaint back to the step that caused it; docs/methods/trace.md says how. In reading order:

``tracer``      one log and its rules: learns once, then answers for any complaint
``causality``   what names mean and what may cause what: read from a file, never from names in code
``eventlog``    the log as columns, indexed both ways
``reach``       the places around a complaint and the processes on them; ``doers`` who does a step there
``courses``     how each kind of process usually goes; ``precedence`` what before what, ``bounces`` to and fro
``deviations``  what one is; ``finder`` looks for them: ``steps`` of a process, ``signs``, ``dues`` of a rule
``support``     what each deviation adds to the rate of complaints
``chains``      from a deviation upstream to its source, with weights; ``told`` in words
``sources``     what all complaints came from; ``population`` which step of which unit they come from
``profile``     how long each step lies, how often it is done over and taken over; ``working`` in working time
``deviating``   everything that deviates in a whole log; ``change`` whether it becomes more, what is new
``survey``      a whole log looked over once, asked of periods; ``handover`` who passes on to whom
``kept``        all of that in a folder, opened without being read; ``learned`` what was learned, as JSON
``scorecard``   how often it was right of the traces that people judged
``numbers``     which numbers of a log may stay as they are when it is taken over
"""
