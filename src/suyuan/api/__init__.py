"""The programs' door: JSON over HTTP, opened by a key.

door      the addresses together, and how a no is said
keys      who is calling, for what, how often
cases     list, show, do a verb
askings   what comes again under one Idempotency-Key is answered, not done
contacts  take a contact in
receipts  what an SMS gateway says later, opened by a signature
me        who the key acts as
shapes    what goes in and out, as the OpenAPI document says it
"""
