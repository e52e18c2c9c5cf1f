#include "examples/pictures/draw_graph.h"

#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

#include "nn/files/read_file.h"
#include "nn/files/write_file.h"

extern char** environ;

namespace pictures {

bool draw_graph(const std::string& dot_path, const std::string& png_path) {
  const nn::OpenFile dot = nn::open_file(dot_path, "draw_graph");
  nn::WholeFile png(png_path, "draw_graph");
  // dot reads its standard input and writes to its standard output: it is told no names, which it
  // might take for flags.
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_adddup2(&files, ::fileno(dot.get()), STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&files, png.descriptor(), STDOUT_FILENO);
  std::string program = "dot", format = "-Tpng";
  char* arguments[] = {program.data(), format.data(), nullptr};
  pid_t pid = 0;
  const bool started = posix_spawnp(&pid, "dot", &files, nullptr, arguments, environ) == 0;
  posix_spawn_file_actions_destroy(&files);
  if (!started) return false;
  int status = 0;
  while (waitpid(pid, &status, 0) != pid)
    if (errno != EINTR) return false;
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) return false;
  png.commit();
  return true;
}

}  // namespace pictures
