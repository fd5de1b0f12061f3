"""A PyTorch step: label rows gathered, the last block and the unembedding at the query only, fused Adam. With `compile`
as second argument the loss goes through `torch.compile`."""

import sys

import torch
import torch.nn.functional as F

from protocol import Exchange, serve


def norm(w, name, x):
    return F.layer_norm(x, x.shape[-1:], w[f"{name}.weight"], w[f"{name}.bias"])


def attention(w, block, x, heads, query_only):
    batch, tokens, width = x.shape
    y = norm(w, f"{block}.norm1", x)
    weight = w[f"{block}.attention.qkv.weight"]
    split = lambda part: part.view(batch, -1, heads, width // heads).transpose(1, 2)
    if query_only:
        q = split(y[:, -1:] @ weight[:width].T)
        k, v = map(split, (y @ weight[width:].T).chunk(2, -1))
    else:
        q, k, v = map(split, (y @ weight.T).chunk(3, -1))
    z = F.scaled_dot_product_attention(q, k, v, is_causal=not query_only)
    z = z.transpose(1, 2).reshape(batch, -1, width)
    return (x[:, -1:] if query_only else x) + z @ w[f"{block}.attention.proj.weight"].T


def mlp(w, block, x):
    hidden = F.linear(norm(w, f"{block}.norm2", x), w[f"{block}.mlp.fc1.weight"], w[f"{block}.mlp.fc1.bias"])
    return x + F.linear(F.gelu(hidden, approximate="tanh"), w[f"{block}.mlp.fc2.weight"], w[f"{block}.mlp.fc2.bias"])


def main():
    exchange = Exchange(sys.argv[1])
    compiled = sys.argv[2:] == ["compile"]
    model, adam = exchange.model, exchange.adam
    tokens = 2 * exchange.labels.shape[2] + 1
    w = {name: torch.tensor(value).requires_grad_() for name, value in exchange.weights.items()}
    positions = torch.tensor(exchange.sinusoidal(tokens)) if model["position"] == "sinusoidal" else None

    def loss_of(examples, labels, targets):
        shown = F.linear(examples, w["exampleEmbed.weight"], w["exampleEmbed.bias"])
        pairs = torch.stack([shown[:, :-1], F.embedding(labels, w["labelEmbed.weight"])], 2)
        x = torch.cat([pairs.flatten(1, 2), shown[:, -1:]], 1)
        x = x + (w["positionEmbed.weight"][:tokens] if positions is None else positions)
        for layer in range(model["depth"]):
            x = attention(w, f"blocks.{layer}", x, model["heads"], layer == model["depth"] - 1)
            if model["mlpRatio"] > 0:
                x = mlp(w, f"blocks.{layer}", x)
        logits = F.linear(norm(w, "norm", x[:, -1]), w["unembed.weight"], w["unembed.bias"])
        return F.cross_entropy(logits, targets)

    loss_step = torch.compile(loss_of) if compiled else loss_of
    betas = (adam["beta1"], adam["beta2"])
    optimizer = torch.optim.Adam(list(w.values()), lr=adam["rate"], betas=betas, eps=adam["epsilon"], fused=True)
    batches = [
        (torch.tensor(examples), torch.tensor(labels).long(), torch.tensor(targets).long())
        for examples, labels, targets in zip(exchange.examples, exchange.labels, exchange.targets)
    ]

    def train_pass():
        losses = []
        for batch in batches:
            optimizer.zero_grad(set_to_none=True)
            loss = loss_step(*batch)
            loss.backward()
            optimizer.step()
            losses.append(loss.detach())
        return losses

    losses = train_pass()
    square = torch.ones(1024, 1024)
    serve(exchange, f"torch {torch.__version__}", losses, train_pass, lambda: square @ square)


if __name__ == "__main__":
    main()
