#include <functional>
#include <map>
#include <sstream>

#include "autograd/functions/activation/activation.h"
#include "autograd/functions/connection/connection.h"
#include "autograd/functions/math/basic_math.h"
#include "autograd/functions/math/exponential.h"
#include "autograd/functions/math/reduction.h"
#include "autograd/functions/util/forget.h"
#include "autograd/graph/backward.h"
#include "autograd/graph/config.h"
#include "tests/golden_runner/evaluate.h"
#include "tests/golden_runner/table.h"

// Small programs that use the graph in ways that single functions do not.
namespace golden {
namespace F = autograd;
namespace {

// F.forget(lambda a, b: (a * b, F.exp(a)), x0, x1)
Variables forgotten(const Call& c, const Table& table) {
  const std::string_view text = c.text, head = "F.forget(lambda ";
  if (!text.starts_with(head)) throw NotBuilt{"forget of " + c.text};
  const std::size_t colon = text.find(':');
  std::vector<std::string> names;
  std::istringstream list{std::string(text.substr(head.size(), colon - head.size()))};
  for (std::string name; std::getline(list >> std::ws, name, ',');) names.push_back(name);
  // The body ends at the first comma that stands in no brackets.
  std::size_t end = colon + 1;
  for (int depth = 0; end < text.size() && (depth > 0 || text[end] != ','); ++end)
    depth += (text[end] == '(' || text[end] == '[') - (text[end] == ')' || text[end] == ']');
  const Expression body = parse_python(text.substr(colon + 1, end - colon - 1));
  return F::forget(std::function<Variables(const Variables&)>([=, &table](const Variables& xs) {
                     std::map<std::string, Term> terms;
                     for (std::size_t i = 0; i < names.size(); ++i) terms[names[i]] = xs.at(i);
                     Variables ys;
                     if (body.kind != Expression::Kind::list)
                       ys.push_back(std::get<Variable>(evaluate(body, terms, table)));
                     else
                       for (const Expression& part : body.parts)
                         ys.push_back(std::get<Variable>(evaluate(part, terms, table)));
                     return ys;
                   }),
                   c.xs());
}

}  // namespace

void add_graph(Table& t) {
  t.add("forget", [&t](const Call& c) { return forgotten(c, t); });
  t.add("reuse", [](const Call& c) {
    const Variable& x = c.x(0);
    return F::exp(x) * x + F::sum(x * x);
  });
  t.add("diamond", [](const Call& c) -> Variables {
    const Variable a = F::tanh(c.x(0) + c.x(1));
    return {a * F::sigmoid(a) + F::pow(a, 2), F::sum(a)};
  });
  t.add("inplace_add", [](const Call& c) -> Variables {
    const Variable a = c.x(0) * c.x(1);
    Variable b = a;
    b += c.x(0);
    return {a, b};
  });
  t.add("unchain", [](const Call& c) {
    Variable a = F::exp(c.x(0));
    a.unchain();
    return a * c.x(0);
  });
  t.add("no_grad_branch", [](const Call& c) {
    Variable a;
    {
      const auto scope = F::no_backprop_mode();
      a = F::exp(c.x(0)) * c.x(1);
    }
    return a * c.x(1);
  });
  t.add("gradient_penalty", [](const Call& c) {
    const Variable y = F::sum(F::tanh(F::linear(c.x(0), c.x(1))));
    const Variable g = F::grad({y}, {c.x(0)}, {.create_graph = true})[0];
    return F::mean(F::pow(F::sqrt(F::sum(F::pow(g, 2), 1)) - 1, 2));
  });
}

}  // namespace golden
