"""A village to look around in: people, requests in every state, and as many more as a measurement needs."""
