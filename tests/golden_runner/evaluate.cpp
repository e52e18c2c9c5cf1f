#include "tests/golden_runner/evaluate.h"

#include <cmath>

#include "autograd/base/error.h"
#include "autograd/functions/math/basic_math.h"

namespace golden {
namespace {

using Kind = Expression::Kind;

Term arithmetic(const std::string& op, const Term& left, const Term& right) {
  return std::visit(
      [&](const auto& a, const auto& b) -> Term {
        using autograd::pow;
        using std::pow;
        if (op == "+") return a + b;
        if (op == "-") return a - b;
        if (op == "*") return a * b;
        if (op == "/") return a / b;
        if (op == "**") return pow(a, b);
        throw NotBuilt{"a loss with " + op};
      },
      left, right);
}

}  // namespace

Term evaluate(const Expression& e, const std::map<std::string, Term>& names, const Table& table) {
  const auto part = [&](std::size_t i) { return evaluate(e.parts.at(i), names, table); };
  switch (e.kind) {
    case Kind::literal:
      return e.value.number();
    case Kind::binary:
      return arithmetic(e.text, part(0), part(1));
    case Kind::unary:
      return arithmetic("*", -1.0, part(0));
    case Kind::name: {
      const auto found = names.find(e.text);
      if (found == names.end()) throw NotBuilt{"a loss with " + e.text};
      return found->second;
    }
    case Kind::call: {
      Call call;
      call.function = e.callee();
      for (std::size_t i = 0; i < e.positional(); ++i) {
        const Term argument = part(1 + i);
        if (!std::holds_alternative<Variable>(argument))
          throw NotBuilt{"a loss with a number as an argument"};
        call.inputs.push_back(std::get<Variable>(argument));
      }
      std::vector<Value> values;
      for (const std::string& keyword : e.keywords) values.push_back(literal(*e.keyword(keyword)));
      call.kwargs = Kwargs(Value::map(e.keywords, std::move(values)));
      return table.call(call).at(0);
    }
    case Kind::list:
    case Kind::attribute:
    case Kind::subscript:
      break;
  }
  throw autograd::Error(
      "manifest: a loss must be made of names, numbers and functions, but there is something else");
}

}  // namespace golden
