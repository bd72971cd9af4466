"""What came of it: after warnings were acted on, and by how soon somebody turned to a discontent customer.

panel      counts by unit and week, and where something was done
matching   the units without, that were as high and moved alike before
effect     difference in differences with its interval, a placebo, and when nothing can be told
delay      what it cost not to have turned to a customer by some hours
"""
