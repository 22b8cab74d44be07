-- Commits wait for the disk whatever the server's default is; the answer is nothing of interest.
SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'
