#include "examples/chainer_names/report.h"

#include <fmt/format.h>

#include <set>
#include <utility>

#include "examples/chainer_names/python_names.h"
#include "examples/chainer_names/table.h"

namespace chainer_names {
namespace {

// Modules under whose paths programs reach the names of another module.
constexpr std::pair<std::string_view, std::string_view> kSameModules[] = {
    {"chainer.function_node.", "chainer."},
    {"chainer.variable.", "chainer."},
    {"chainer.link.", "chainer."},
    {"chainer.reporter.", "chainer."},
    {"chainer.optimizer_hooks.", "chainer.optimizer_hooks."},
    {"chainer.optimizer.", "chainer.optimizer_hooks."},
    {"chainer.training.updaters.", "chainer.training."},
    {"chainer.training.updater.", "chainer.training."},
    {"chainer.training.extension.", "chainer.training."},
    {"chainer.training.trigger.", "chainer.training."},
    {"chainer.dataset.convert.", "chainer.dataset."},
    {"chainer.dataset.dataset_mixin.", "chainer.dataset."},
    {"chainer.datasets.tuple_dataset.", "chainer.datasets."},
    {"chainer.datasets.mnist.", "chainer.datasets."},
    {"chainer.datasets.cifar.", "chainer.datasets."},
    {"chainer.links.model.vision.resnet.", "chainer.links."},
    {"chainer.links.model.vision.vgg.", "chainer.links."},
};

// The entry whose name begins the path, and that name: "chainer.Variable" of "chainer.Variable.array".
const std::pair<const std::string, Entry>* find(std::string name) {
  const auto& entries = table();
  while (true) {
    if (const auto found = entries.find(name); found != entries.end()) return &*found;
    const std::size_t dot = name.rfind('.');
    if (dot == std::string::npos) return nullptr;
    name.resize(dot);
  }
}

const std::pair<const std::string, Entry>* find_anywhere(const std::string& name) {
  if (const auto* found = find(name)) return found;
  for (const auto& [path, module] : kSameModules)
    if (name.starts_with(path))
      if (const auto* found = find(std::string(module) + name.substr(path.size()))) return found;
  return nullptr;
}

// Whether the name is a module, such as chainer.functions, and not something in it.
bool is_module(const std::string& name) {
  const auto next = table().lower_bound(name + ".");
  return name == "chainer" || (next != table().end() && next->first.starts_with(name + "."));
}

}  // namespace

Report report(std::string_view python, std::string_view file) {
  Report result;
  std::set<std::string> here, missing, unknown;
  for (const Use& use : find_names(python)) {
    const auto* const found = find_anywhere(use.full_name);
    if (!found && is_module(use.full_name)) continue;
    result.text += fmt::format("{}:{}: {}: ", file, use.line, use.written);
    if (!found) {
      unknown.insert(use.full_name);
      result.text += "not in Chainer's public reference\n";
      continue;
    }
    const Entry& entry = found->second;
    (entry.here.empty() ? missing : here).insert(found->first);
    if (entry.here.empty())
      result.text += fmt::format("not here: {}\n", entry.note);
    else
      result.text +=
          fmt::format("{}{}\n", entry.here, entry.note.empty() ? "" : " (" + entry.note + ")");
  }
  result.missing = static_cast<int>(missing.size());
  result.text += fmt::format(
      "{}: {} here, {} not here, {} not in Chainer's public "
      "reference\n",
      file, here.size(), missing.size(), unknown.size());
  return result;
}

}  // namespace chainer_names
