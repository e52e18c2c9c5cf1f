// The program that checks this library against Chainer's numbers must notice a wrong number,
// wherever it stands.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <sys/wait.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <regex>
#include <sstream>
#include <string>

#include "nn/files/npz.h"
#include "tests/folder.h"
#include "tests/paths.h"

namespace {

namespace fs = std::filesystem;
using autograd::Array;
using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

const std::string kGolden = source_path("tests/golden");

struct Outcome {
  int code;
  std::string text;
};

Outcome golden(const std::string& arguments) {
  FILE* pipe = popen(("'" + build_path("tests/golden") + "' " + arguments + " 2>&1").c_str(), "r");
  std::string text;
  char buffer[4096];
  while (const std::size_t n = fread(buffer, 1, sizeof buffer, pipe)) text.append(buffer, n);
  const int status = pclose(pipe);
  return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, text};
}

Outcome golden(const Folder& folder, const std::string& filter) {
  return golden(fmt::format("--golden '{}' --filter '{}'", folder / "", filter));
}

// A golden set like the real one; a file can be replaced.
void copy_set(const Folder& folder) {
  for (const auto& entry : fs::directory_iterator(kGolden))
    fs::create_symlink(entry.path(), folder / entry.path().filename().string());
}

std::string text_of(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

void replace_in_manifest(const Folder& folder, const std::string& what, const std::string& with) {
  std::string text = text_of(kGolden + "/manifest.json");
  const std::size_t at = text.find(what);
  ASSERT_NE(at, std::string::npos) << what;
  text.replace(at, what.size(), with);
  fs::remove(folder / "manifest.json");
  folder.write("manifest.json", text);
}

// Adds 1/8 to the first element of one array, and expects a line about it.
void expect_noticed(const std::string& file, const std::string& key, const std::string& filter,
                    const std::string& line) {
  SCOPED_TRACE(key);
  ASSERT_THAT(golden("--filter '" + filter + "'").text,
              StartsWith("1 passed, 0 failed, 0 skipped"));

  const Folder folder;
  copy_set(folder);
  fs::remove(folder / file);
  const nn::NpzReader original(kGolden + "/" + file);
  nn::NpzWriter writer(folder / file, {.compression = false});
  for (const std::string& name : original.keys()) {
    Array array = original.array(name).copy();
    if (name == key) {
      Array first = array.flatten().slice(0, 0, 1);
      first.fill(first.item() + 0.125);
    }
    writer.write(name, array);
  }
  writer.close();

  const auto [code, text] = golden(folder, filter);
  EXPECT_EQ(code, 1);
  EXPECT_THAT(text, StartsWith("FAIL " + line + ": error 0."));
  EXPECT_THAT(text, HasSubstr("tolerance 1e-05\n"));
  EXPECT_THAT(text, EndsWith("\n0 passed, 1 failed, 0 skipped\n"));
}

TEST(Golden, NoticesAWrongNumberInEveryPartOfACase) {
  const std::string file = "activation.npz", filter = "^softplus\\.beta$";
  expect_noticed(file, "softplus.beta/y0", filter, "softplus.beta y y0");
  expect_noticed(file, "softplus.beta/gx0", filter, "softplus.beta gx gx0");
  expect_noticed(file, "softplus.beta/g2x0", filter, "softplus.beta g2 g2x0");
  expect_noticed(file, "softplus.beta/g2gy0", filter, "softplus.beta g2 g2gy0");
}

TEST(Golden, NoticesAWrongNumberOfAnOptimizer) {
  const std::string file = "optimizers.npz", filter = "^optimizers/Adam\\.amsgrad$";
  expect_noticed(file, "Adam.amsgrad/param/W", filter,
                 "optimizers/Adam.amsgrad param W after step 1");
  expect_noticed(file, "Adam.amsgrad/state/b/vhat", filter, "optimizers/Adam.amsgrad state b/vhat");
}

TEST(Golden, NoticesAWrongNumberOfTheVae) {
  const std::string file = "vae.npz", filter = "^vae/bernoulli$";
  expect_noticed(file, "bernoulli/loss", filter, "vae/bernoulli loss bernoulli/loss of step 1");
  expect_noticed(file, "bernoulli/grad/le1/W", filter, "vae/bernoulli grad bernoulli/grad/le1/W");
  expect_noticed(file, "bernoulli/after3/ld3/b", filter,
                 "vae/bernoulli after bernoulli/after3/ld3/b");
  expect_noticed(file, "elbo/kl_penalty", "^elbo$", "elbo loss elbo/kl_penalty of step 1");
}

TEST(Golden, NoticesAWrongShape) {
  const Folder folder;
  copy_set(folder);
  replace_in_manifest(folder, R"("kwargs": {"shape": [2, 6]})", R"("kwargs": {"shape": [6, 2]})");
  const auto [code, text] = golden(folder, "^reshape$");
  EXPECT_EQ(code, 1);
  EXPECT_THAT(text, StartsWith("FAIL reshape y y0: error inf, tolerance 1e-05; it is float32(6, "
                               "2) where float32(2, 6) is expected"));
}

TEST(Golden, NoticesAFunctionThatThrows) {
  const Folder folder;
  copy_set(folder);
  replace_in_manifest(folder, R"("kwargs": {"shape": [2, 6]})", R"("kwargs": {"shape": [5, 2]})");
  const auto [code, text] = golden(folder, "^reshape$");
  EXPECT_EQ(code, 1);
  EXPECT_THAT(text, StartsWith("FAIL reshape call: reshape: "));
}

TEST(Golden, RunsWhatTheFilterFinds) {
  EXPECT_EQ(golden("--filter '^sigmoid$|^tanh$'").text, "2 passed, 0 failed, 0 skipped\n");
  EXPECT_EQ(golden("--filter nothing_has_this_name").text, "0 passed, 0 failed, 0 skipped\n");
}

TEST(Golden, SkipsWhatIsNotBuilt) {
  const Folder folder;
  copy_set(folder);
  replace_in_manifest(folder, R"("name": "tanh", "group": "activation", "function": "tanh")",
                      R"("name": "tanh", "group": "activation", "function": "hnat")");
  const auto [code, text] = golden(folder, "^tanh$");
  EXPECT_EQ(code, 0);
  EXPECT_EQ(text, "skipped: hnat (1)\n0 passed, 0 failed, 1 skipped\n");
}

// A case passes only if all that it says was read, wherever it says it. `arguments` is what the line
// names.
void expect_unread(const std::string& what, const std::string& with, const std::string& name,
                   const std::string& arguments) {
  SCOPED_TRACE(with);
  const Folder folder;
  copy_set(folder);
  replace_in_manifest(folder, what, with);
  std::string filter = "^" + name + "$";
  filter = std::regex_replace(filter, std::regex(R"([.+])"), R"(\$&)");
  const auto [code, text] = golden(folder, filter);
  EXPECT_EQ(code, 1);
  EXPECT_THAT(text, StartsWith("FAIL " + name + " call: "));
  EXPECT_THAT(text, HasSubstr(" read"));
  EXPECT_THAT(text, HasSubstr(arguments));
  EXPECT_THAT(text, EndsWith("\n0 passed, 1 failed, 0 skipped\n"));
}

TEST(Golden, NoticesAnArgumentThatItDoesNotRead) {
  expect_unread(R"("kwargs": {"beta": 2.0})", R"("kwargs": {"beta": 2.0, "gamma": 2.0})",
                "softplus.beta",
                "softplus: the runner must read every argument, but it does not "
                "read gamma");
  // Of how a link is made, by name and by position; of how it is called.
  expect_unread(R"-("link": "L.BatchNormalization(2)")-",
                R"-("link": "L.BatchNormalization(2, momentum=0.8)")-", "BatchNormalization.four_d",
                "does not read momentum");
  expect_unread(R"-("link": "L.LayerNormalization(4)")-",
                R"-("link": "L.LayerNormalization(4, 1e-6, None, None, 3)")-", "LayerNormalization",
                "does not read number 4");
  expect_unread(R"-("call": "link(x0, n_batch_axes=2)")-",
                R"-("call": "link(x0, n_batch_axes=2, n=2)")-", "Linear.batch_axes",
                "does not read n");
  // Of a distribution, and of what it is asked.
  expect_unread("D.Bernoulli(logit=x0, binary_check=True).log_prob(x1)",
                "D.Bernoulli(logit=x0, binary_check=True, check=True).log_prob(x1)",
                "Bernoulli.log_prob.binary_check", "does not read check of Bernoulli");
  expect_unread("D.Bernoulli(logit=x0, binary_check=True).log_prob(x1)",
                "D.Bernoulli(logit=x0, binary_check=True).log_prob(x1, True)",
                "Bernoulli.log_prob.binary_check", "does not read number 1 of log_prob");
  // Of an optimizer's hook; and anything else that a case says.
  expect_unread(R"("hook": "Lasso", "rate")", R"("hook": "Lasso", "power": 2, "rate")",
                "optimizers/SGD+Lasso", "hooks/0/power is not");
  expect_unread(R"("name": "tanh", "group")", R"("name": "tanh", "axis": 1, "group")", "tanh",
                "axis is not");
}

// One that is read must be used: with another value the numbers are others.
TEST(Golden, NoticesAnotherValueOfALinksArgument) {
  for (const char* other : {"decay=0.8", "eps=0.1", "initial_avg_mean=0.5", "use_beta=False"}) {
    SCOPED_TRACE(other);
    const Folder folder;
    copy_set(folder);
    replace_in_manifest(folder, R"-("link": "L.BatchNormalization(2)")-",
                        fmt::format(R"-("link": "L.BatchNormalization(2, {})")-", other));
    const auto [code, text] = golden(folder, "^BatchNormalization\\.four_d$");
    EXPECT_EQ(code, 1);
    EXPECT_THAT(text, StartsWith("FAIL BatchNormalization.four_d "));
  }
}

TEST(Golden, TellsABadCommandInOneSentence) {
  EXPECT_EQ(
      golden("--golden /no/such/folder").text,
      "/no/such/folder/manifest.json: a manifest is expected there, but it cannot be opened\n");
  EXPECT_EQ(golden("--golden /no/such/folder").code, 2);
  EXPECT_EQ(golden("--gold x").text,
            "golden: the flags are --golden DIR and --filter REGEX, but there is --gold\n");
  EXPECT_EQ(golden("--filter").text,
            "golden: --filter must have a value, but nothing follows it\n");
  EXPECT_EQ(golden("--filter '('").text,
            "golden: --filter must be a regular expression, but it is (\n");
  EXPECT_EQ(golden("--filter '('").code, 2);
}

TEST(Golden, TellsADamagedManifestInOneSentence) {
  const Folder folder;
  const std::string path = folder.write("manifest.json", "{\"cases\": [");
  EXPECT_EQ(
      golden(folder, "").text,
      fmt::format("{}: a manifest must be JSON, but this file is not\n", folder / "manifest.json"));
  folder.write("manifest.json", "{}");
  EXPECT_EQ(golden(folder, "").text,
            fmt::format("{}: a manifest must list cases, but this one does not\n",
                        folder / "manifest.json"));
  EXPECT_EQ(golden(folder, "").code, 2);
}

}  // namespace
