"""Notice: what leaves the house, what comes back about it, and who has read what stands in the app.

channels  the ways out: kept, switched off, tried
queue     a message that no verb on a case queued by itself
deliver   claim a batch, and settle what the carrier said of it
receipts  what carriers say later
ways      where the channels call, for the self-check
desk      a person sends a dead letter again, or takes a message back
inbox     reading
"""
