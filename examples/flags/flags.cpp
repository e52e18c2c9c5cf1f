#include "examples/flags/flags.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <iostream>
#include <numeric>
#include <ostream>
#include <set>
#include <sstream>
#include <typeinfo>
#include <utility>

#include "nn/files/read_file.h"

namespace flags {

using autograd::Error;

void hold_standard_streams() {
  for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
    if (::fcntl(stream, F_GETFD) < 0 && errno == EBADF)
      // open() returns the lowest free number, which is this one. The stream is opened in the wrong
      // direction, so that using it still fails.
      static_cast<void>(::open("/dev/null", stream == STDIN_FILENO ? O_WRONLY : O_RDONLY));
}

po::options_description describe(const std::string& title) { return {title, 100, 50}; }

void require_printed(std::string_view program) {
  std::cout.flush();
  errno = 0;
  if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0 || !std::cout)
    throw Error(fmt::format("{}: its output must be writable, but writing failed{}", program,
                            errno == 0 ? "" : fmt::format(": {}", std::strerror(errno))));
}

void add_flags(po::options_description& all, Run& run) {
  auto flag = all.add_options();
  flag("seed", po::value(&run.seed)->default_value(run.seed),
       "seed of all random numbers, like numpy.random.seed");
  flag("threads", po::value(&run.threads)->default_value(run.threads),
       "number of threads; 0: one for each processor");
  flag("out,o", po::value(&run.out)->default_value(run.out), "folder for the results");
}

void add_flags(po::options_description& all, Training& training) {
  add_flags(all, static_cast<Run&>(training));
  auto flag = all.add_options();
  flag("initmodel,m", po::value(&training.initmodel), "initialize the model from this npz file");
  flag("resume,r", po::value(&training.resume), "resume the training from this snapshot");
  flag("test", po::bool_switch(&training.test),
       fmt::format("use tiny datasets, and {} epochs unless --epoch is given, for a quick test",
                   Training::kTestEpochs)
           .c_str());
  flag("config", po::value<std::string>(),
       "read flags from this file, one `flag = value` per line");
}

void CommandLine::require_sound(const Run& run) const {
  require(run.seed >= 0 && run.seed <= 4294967295, "seed", "from 0 to 4294967295", run.seed);
  require(run.threads >= 0 && run.threads <= 1024, "threads", "from 0 to 1024", run.threads);
  require(!run.out.empty(), "out", "the name of a folder", "empty");
}

void require_readable(std::string_view program, const Training& training) {
  for (const auto& [flag, path] :
       {std::pair("initmodel", &training.initmodel), std::pair("resume", &training.resume)})
    if (!path->empty() && ::access(path->c_str(), R_OK) != 0)
      throw Error(fmt::format("{}: --{} must name a readable file, but {} is not one ({})", program,
                              flag, *path, std::strerror(errno)));
}

namespace {

// The type of a flag's value, for error messages.
std::string_view kind_of(const std::string& flag, const po::options_description& all) {
  const auto semantic = all.find(flag, false).semantic();
  const auto* typed = dynamic_cast<const po::typed_value_base*>(semantic.get());
  if (typed == nullptr) return "readable";
  if (typed->value_type() == typeid(bool)) return "true or false";
  if (typed->value_type() == typeid(double)) return "a number";
  return typed->value_type() == typeid(int) ? "a 32-bit integer" : "a 64-bit integer";
}

// The edit distance: the number of letters to insert, delete or replace to turn one word into the
// other.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), 0);
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i + 1);
    for (std::size_t j = 0; j < b.size(); ++j)
      diagonal = std::exchange(
          row[j + 1], std::min({row[j + 1] + 1, row[j] + 1, diagonal + (a[i] == b[j] ? 0 : 1)}));
  }
  return row.back();
}

// "; did you mean --epoch?" if the flag is similar to an existing flag.
std::string suggestion(std::string_view flag, const po::options_description& all) {
  while (flag.starts_with('-')) flag.remove_prefix(1);
  std::string nearest;
  std::size_t least = flag.size() / 3 + 1;
  for (const auto& option : all.options()) {
    const std::size_t d = distance(flag, option->long_name());
    if (d < least) least = d, nearest = option->long_name();
  }
  return nearest.empty() ? "" : fmt::format("; did you mean --{}?", nearest);
}

}  // namespace

// Rethrows Boost's exceptions as errors of the form `rule, but facts`.
void CommandLine::rethrow(const po::error& error, const po::options_description& all) const {
  using Syntax = po::invalid_command_line_syntax;
  if (const auto* e = dynamic_cast<const po::unknown_option*>(&error))
    throw Error(fmt::format("{}: every flag must be one that --help lists, but {} is not{}",
                            program_, e->get_option_name(), suggestion(e->get_option_name(), all)));
  if (const auto* e = dynamic_cast<const po::ambiguous_option*>(&error))
    throw Error(
        fmt::format("{}: an abbreviated flag must match one flag only, but {} matches several",
                    program_, e->get_option_name()));
  if (const auto* e = dynamic_cast<const Syntax*>(&error)) {
    if (e->kind() == Syntax::missing_parameter || e->kind() == Syntax::empty_adjacent_parameter)
      throw Error(
          fmt::format("{}: {} must have a value, but it has none", program_, e->get_option_name()));
    throw Error(
        fmt::format("{}: {} must have no value, but it has one", program_, e->get_option_name()));
  }
  throw Error(fmt::format("{}: the flags must be valid, but {}", program_, error.what()));
}

// Stores the parsed values in `values`. Existing values take precedence.
void CommandLine::store(po::parsed_options parsed, const po::options_description& all,
                        po::variables_map& values) const {
  std::set<std::string> given;
  for (po::option& option : parsed.options) {
    std::string& flag = option.string_key;
    if (const auto synonym = synonyms_.find(flag); synonym != synonyms_.end())
      flag = synonym->second;
    if (!given.insert(flag).second)
      throw Error(
          fmt::format("{}: a flag may be given once, but --{} is given twice", program_, flag));
    po::parsed_options alone(&all);  // Boost does not say which flag of a file has the wrong value
    alone.options.push_back(option);
    try {
      po::variables_map ignored;
      po::store(alone, ignored);
    } catch (const po::validation_error&) {
      const bool empty = option.value.empty() || option.value[0].empty();
      throw Error(fmt::format("{}: --{} must be {}, but it is {}", program_, flag,
                              kind_of(flag, all), empty ? "empty" : option.value[0]));
    }
  }
  po::store(parsed, values);
}

void CommandLine::read_command_line(int argc, const char* const* argv,
                                    const po::options_description& all,
                                    po::variables_map& values) const {
  po::options_description with_strays;
  with_strays.add(all).add_options()("stray", po::value<std::string>());
  po::positional_options_description strays;
  strays.add("stray", -1);
  const po::parsed_options parsed =
      po::command_line_parser(argc, argv).options(with_strays).positional(strays).run();
  for (const po::option& option : parsed.options) {
    if (option.string_key == "stray")
      throw Error(
          fmt::format("{}: every argument must belong to a flag that --help lists, but {} does not",
                      program_, option.value[0]));
    if (!option.value.empty() && option.value[0].starts_with("--"))
      throw Error(fmt::format("{}: --{} must have a value, but the flag {} follows", program_,
                              option.string_key, option.value[0]));
  }
  store(parsed, all, values);
}

void CommandLine::read_config(const std::string& path, const po::options_description& all,
                              po::variables_map& values) const {
  constexpr std::uint64_t kMost = 1u << 20;
  nn::Bytes bytes;
  try {
    bytes = nn::read_file(path, program_, kMost);
  } catch (const Error& error) {
    throw Error(fmt::format("{}: --config must name a readable file, but {} is not one ({})",
                            program_, path, error.what()));
  }
  std::istringstream file(std::string(reinterpret_cast<const char*>(bytes.data()), bytes.size()));
  try {
    const po::parsed_options parsed = po::parse_config_file(file, all);
    for (const po::option& option : parsed.options)
      if (option.string_key == "config" || option.string_key == "help")
        throw Error(fmt::format("{}: {} must not be in a --config file, but it is in {}", program_,
                                option.string_key, path));
    store(parsed, all, values);
  } catch (const po::invalid_config_file_syntax& error) {
    throw Error(fmt::format("{}: every line of {} must be `flag = value`, but one is {}", program_,
                            path, error.tokens()));
  }
}

void CommandLine::require_one_of(std::string_view flag, const std::string& value,
                                 const std::vector<std::string_view>& allowed) const {
  std::string list;
  std::size_t i = 0;
  for (std::string_view name : allowed) {
    if (name == value) return;
    list += fmt::format("{}{}", i == 0 ? "" : i + 1 == allowed.size() ? " or " : ", ", name);
    ++i;
  }
  require(false, flag, list, value);
}

std::optional<po::variables_map> CommandLine::read(int argc, const char* const* argv,
                                                   const po::options_description& shown,
                                                   std::ostream& out,
                                                   std::string_view results) const {
  po::options_description all, hidden;
  for (const auto& synonym : synonyms_)
    hidden.add_options()(synonym.first.c_str(), po::value<std::string>());
  all.add(shown).add(hidden);
  po::variables_map values;
  try {
    read_command_line(argc, argv, all, values);
    if (values.count("help")) {
      out << shown << "\n" << results << "\n";
      return {};
    }
    if (values.count("config")) read_config(values["config"].as<std::string>(), all, values);
    po::notify(values);
  } catch (const po::error& error) {
    rethrow(error, shown);
  }
  return values;
}

}  // namespace flags
