# Stands in for a download that wants a token: it knows no more of the token than its hash.
hash=$(printf %s "$1" | sha256sum | cut -d ' ' -f 1)
test "$hash" = 366d0ecc839d9f647022be4707a593c2b681b52d546a3a56ae60a888b5ef4839 || { echo "not allowed" >&2; exit 1; }
echo "the bar of the river, two fathoms"
