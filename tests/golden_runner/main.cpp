// Runs Chainer's own numbers against this library.
// usage: golden [--golden DIR] [--filter REGEX]
#include <fmt/format.h>

#include <cstdio>
#include <exception>
#include <regex>
#include <string>
#include <string_view>

#include "autograd/base/error.h"
#include "tests/golden_runner/cases.h"
#include "tests/paths.h"

namespace {

struct GoldenOptions {
  std::string folder = source_path("tests/golden");
  std::string filter;
};

GoldenOptions read_options(int count, char** arguments) {
  GoldenOptions options;
  for (int i = 1; i < count; ++i) {
    const std::string_view flag = arguments[i];
    if (flag != "--golden" && flag != "--filter")
      throw autograd::Error(fmt::format(
          "golden: the flags are --golden DIR and --filter REGEX, but there is {}", flag));
    if (++i == count)
      throw autograd::Error(
          fmt::format("golden: {} must have a value, but nothing follows it", flag));
    (flag == "--golden" ? options.folder : options.filter) = arguments[i];
  }
  return options;
}

std::function<bool(const std::string&)> matcher(const std::string& filter) {
  try {
    return [pattern = std::regex(filter)](const std::string& name) {
      return std::regex_search(name, pattern);
    };
  } catch (const std::regex_error&) {
    throw autograd::Error(
        fmt::format("golden: --filter must be a regular expression, but it is {}", filter));
  }
}

int run(const GoldenOptions& options) {
  golden::Store store(options.folder);
  golden::Report report(matcher(options.filter));
  const golden::Value manifest = golden::read_json(store.path("manifest.json"));
  if (!manifest["cases"].is(golden::Value::Kind::list))
    throw autograd::Error(fmt::format("{}: a manifest must list cases, but this one does not",
                                      store.path("manifest.json")));
  golden::Table table;
  for (const auto add :
       {golden::add_math, golden::add_array, golden::add_activation, golden::add_loss,
        golden::add_noise, golden::add_connection, golden::add_pooling, golden::add_rnn,
        golden::add_normalization, golden::add_evaluation, golden::add_distributions,
        golden::add_links, golden::add_graph})
    add(table);
  for (const golden::Value& entry : manifest["cases"].items())
    golden::run_case(entry, table, store, report);
  golden::run_optimizers(manifest, store, report);
  golden::run_vae(manifest, table, store, report);
  golden::run_chainer_files(manifest, table, store, report);
  golden::run_initializers(manifest, store, report);
  golden::run_initial(manifest, store, report);
  golden::run_architectures(manifest, store, report);
  golden::run_huffman(manifest["facts"], report);
  golden::run_random(manifest, store, report);
  golden::run_schedules(manifest, store, report);
  golden::run_distribution_api(manifest, report);
  return report.finish() == 0 ? 0 : 1;
}

}  // namespace

int main(int count, char** arguments) {
  std::setvbuf(stdout, nullptr, _IOLBF, 0);  // should a case crash, the lines before it are there
  try {
    return run(read_options(count, arguments));
  } catch (const std::exception& error) {
    fmt::print(stderr, "{}\n", error.what());
    return 2;
  }
}
