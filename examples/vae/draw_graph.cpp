#include "examples/vae/draw_graph.h"

#include <spawn.h>
#include <sys/wait.h>

#include <cstdio>
#include <filesystem>

extern char** environ;

namespace vae {

bool draw_graph(const std::string& dot_path, const std::string& png_path) {
  const std::string temporary = png_path + ".tmp";
  std::string program = "dot", format = "-Tpng", to = "-o" + temporary, from = dot_path;
  char* arguments[] = {program.data(), format.data(), to.data(), from.data(), nullptr};
  pid_t pid = 0;
  int status = 0;
  // spawn looks dot up in PATH and passes the names as they are: no shell reads them.
  if (posix_spawnp(&pid, "dot", nullptr, nullptr, arguments, environ) != 0) return false;
  if (waitpid(pid, &status, 0) != pid || !WIFEXITED(status) || WEXITSTATUS(status) != 0) {
    std::error_code ignored;
    std::filesystem::remove(temporary, ignored);
    return false;
  }
  std::error_code error;
  std::filesystem::rename(temporary, png_path, error);
  return !error;
}

}  // namespace vae
