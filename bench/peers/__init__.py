"""Other ways to serve the same rosters from the same tables, but for the stock way, whose memberships
lie in a table without the indexes that somebody had to think of. Every one does the same work:

- it finds the key by its prefix, compares the secret as an HMAC-SHA256, and takes only a key in force;
- it counts the request exactly, in one upsert, and tells what is left in `X-RateLimit-...`;
- it refuses a parameter that makes no sense, with 400;
- it answers the rows that the campus audience may see, in the same order, with an exact total, a link to the next
  page, and the same bytes, which the benchmark compares before it measures;
- it writes one line of access log a request.

None answers the other audiences: that is work they are spared.
"""
