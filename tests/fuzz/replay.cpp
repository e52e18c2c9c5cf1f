// Runs a harness over files, and over all files of folders. The last name it prints is that of the
// file in progress, should it end there.
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include "autograd/memory/sanitizer.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

namespace fs = std::filesystem;

constexpr unsigned kSeconds = 20;  // for one file; a sanitizer and a busy machine included
constexpr rlim_t kMemory = rlim_t{2} << 30;

// Sanitizers take terabytes of addresses for their shadows.
void limit_memory() {
  if (!autograd::kKeepBlocks) return;
  const rlimit limit{kMemory, kMemory};
  if (setrlimit(RLIMIT_AS, &limit) != 0) std::perror("setrlimit");
}

void run(const std::string& name, const std::vector<char>& contents) {
  std::printf("%s\n", name.c_str());
  std::fflush(stdout);
  // In a block of its own, so that a sanitizer sees what is read beyond its end.
  const auto bytes = std::make_unique<std::uint8_t[]>(contents.size());
  std::ranges::copy(contents, bytes.get());
  alarm(kSeconds);
  LLVMFuzzerTestOneInput(bytes.get(), contents.size());
  alarm(0);
}

}  // namespace

int main(int argc, char** argv) {
  std::vector<std::string> files;
  for (const fs::path path : std::vector<std::string>(argv + 1, argv + argc)) {
    if (fs::is_directory(path))
      for (const auto& entry : fs::directory_iterator(path)) files.push_back(entry.path());
    else if (fs::exists(path))  // git keeps no folder that is empty
      files.push_back(path);
  }
  std::ranges::sort(files);
  if (files.empty()) {
    std::fprintf(stderr, "replay: there must be a file to run, but there is none\n");
    return 1;
  }
  limit_memory();
  run("(no bytes)", {});
  for (const std::string& path : files) {
    std::ifstream file(path, std::ios::binary);
    if (!file) {
      std::fprintf(stderr, "replay: %s must be readable, but it is not\n", path.c_str());
      return 1;
    }
    run(path, {std::istreambuf_iterator<char>(file), {}});
  }
  std::printf("%zu files\n", files.size());
}
