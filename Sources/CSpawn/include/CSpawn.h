// Two functions of glibc that its Swift module leaves out, because they are GNU's own.
#ifndef CSPAWN_H
#define CSPAWN_H

#include <spawn.h>

/// Closes, in the program about to be started, every descriptor from a number on; glibc 2.34.
int cspawn_close_from(posix_spawn_file_actions_t *actions, int first);

/// Makes a pipe that no program started meanwhile inherits.
int cspawn_pipe(int ends[2]);

#endif
