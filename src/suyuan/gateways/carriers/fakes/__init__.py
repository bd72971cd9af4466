"""Stand-ins for the outside that are real things on this machine: for tests, measurements and a first try.

sms    an SMS gateway that keeps the contract of docs/outbox.md, or breaks it when told to
smtp   a mail server
robot  a chat robot behind HTTP
far    the far side of an isolation gateway, over two folders
"""
