SELECT max(number) FROM migrations
