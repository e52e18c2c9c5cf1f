#include <optional>

#include "autograd/base/error.h"
#include "nn/links/highway.h"
#include "nn/links/linear.h"
#include "tests/golden_runner/table.h"
#include "tests/golden_runner/tree.h"

// Each link is made as the manifest says, given the stored parameters, and called.
namespace golden {
namespace {

// The arguments of a call in Python.
class Arguments {
 public:
  explicit Arguments(const std::string& text) : call_(parse_python(text)) {}
  const Expression* find(std::size_t position, std::string_view name) {
    return call_.argument(position, name);
  }
  int integer(std::size_t position, std::string_view name, int otherwise) {
    const Expression* e = find(position, name);
    return e ? literal(*e).integer() : otherwise;
  }
  bool flag(std::size_t position, std::string_view name, bool otherwise = false) {
    const Expression* e = find(position, name);
    return e ? literal(*e).flag() : otherwise;
  }

 private:
  Expression call_;
};

void set_parameters(nn::Link& link, const Call& c) {
  auto found = parameters(link);
  for (const auto& [path, value] : c.params) {
    const auto parameter = found.find(path);
    if (parameter == found.end())
      throw autograd::Error(c.function + ": the link must have the parameter " + path +
                            ", but it has not");
    if (!parameter->second.is_initialized()) parameter->second.initialize(value.shape());
    parameter->second.set_array(value);
    c.variables[path] = parameter->second;
  }
  if (found.size() != c.params.size())
    throw autograd::Error(
        c.function + ": the link must have as many parameters as Chainer's, but it has others");
}

}  // namespace

void add_links(Table& t) {
  t.add("Linear", [](const Call& c) {
    Arguments made(c.link), called(c.text);
    nn::Linear link(made.integer(0, "in_size", 0), made.integer(1, "out_size", 0),
                    {.nobias = made.flag(2, "nobias")});
    set_parameters(link, c);
    return link(c.x(0), called.integer(1, "n_batch_axes", c.kwargs.integer("n_batch_axes", 1)));
  });
  t.add("Highway", [](const Call& c) {
    Arguments made(c.link);
    nn::Highway link(made.integer(0, "in_out_size", 0), {.nobias = made.flag(1, "nobias")});
    set_parameters(link, c);
    return link(c.x(0));
  });
}

}  // namespace golden
