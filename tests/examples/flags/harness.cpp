// Any text as flags of each example, an argument a line, and as the file that --config names. What
// is read is not run.
#include <cstdint>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "examples/cifar_vae/options.h"
#include "examples/vae_lab/options.h"
#include "examples/vae_lab/study_options.h"
#include "tests/fuzz/folder.h"
#include "tests/fuzz/require.h"

namespace {

void parse(const std::vector<std::string>& arguments) {
  std::vector<const char*> argv{"program"};
  for (const std::string& argument : arguments) argv.push_back(argument.c_str());
  const int argc = static_cast<int>(argv.size());
  argv.push_back(nullptr);
  std::ostringstream out;
  fuzz::accepts([&] {
    if (const auto o = vae::lab::parse_options(argc, argv.data(), out))
      fuzz::require(o->epoch >= 1 && o->batch_size >= 1 && o->k >= 1, "counts must be positive");
  });
  fuzz::accepts([&] { vae::lab::parse_study_options(argc, argv.data(), out); });
  fuzz::accepts([&] {
    if (const auto o = cifar_vae::parse_options(argc, argv.data(), out))
      fuzz::require(o->epoch >= 1 && o->batch_size >= 1 && o->k >= 1, "counts must be positive");
  });
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const fuzz::Folder folder("flags");
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  // Arguments hold no zeros, and a file named by --config is one of ours.
  std::vector<std::string> arguments(1);
  for (const char c : text) {
    if (c == '\n')
      arguments.emplace_back();
    else if (c != '\0')
      arguments.back() += c;
  }
  const bool names_a_file = text.find("-c") != std::string_view::npos;
  if (!names_a_file && arguments.size() <= 64) parse(arguments);
  parse({"--config", folder.write("config", data, size)});
  return 0;
}
