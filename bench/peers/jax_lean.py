"""A lean JAX step: label rows gathered, the last block and the unembedding at the query only, `lax.scan` over batches."""

import sys

import jax
import jax.numpy as jnp

from protocol import Exchange, serve


def norm(w, name, x):
    mean = x.mean(-1, keepdims=True)
    centred = x - mean
    variance = (centred * centred).mean(-1, keepdims=True)
    return centred * jax.lax.rsqrt(variance + 1e-5) * w[f"{name}.weight"] + w[f"{name}.bias"]


def attention(w, block, x, heads, query_only):
    batch, tokens, width = x.shape
    y = norm(w, f"{block}.norm1", x)
    weight = w[f"{block}.attention.qkv.weight"]
    split = lambda part: part.reshape(batch, -1, heads, width // heads)
    q = split((y[:, -1:] if query_only else y) @ weight[:width].T)
    k, v = (split(part) for part in jnp.split(y @ weight[width:].T, 2, -1))
    scores = jnp.einsum("bqhd,bkhd->bhqk", q, k) * (width // heads) ** -0.5
    if not query_only:
        scores = jnp.where(jnp.tril(jnp.ones((tokens, tokens), bool)), scores, -jnp.inf)
    z = jnp.einsum("bhqk,bkhd->bqhd", jax.nn.softmax(scores), v).reshape(batch, -1, width)
    return (x[:, -1:] if query_only else x) + z @ w[f"{block}.attention.proj.weight"].T


def mlp(w, block, x):
    hidden = norm(w, f"{block}.norm2", x) @ w[f"{block}.mlp.fc1.weight"].T + w[f"{block}.mlp.fc1.bias"]
    return x + jax.nn.gelu(hidden) @ w[f"{block}.mlp.fc2.weight"].T + w[f"{block}.mlp.fc2.bias"]


def loss_of(w, positions, model, examples, labels, targets):
    shown = examples @ w["exampleEmbed.weight"].T + w["exampleEmbed.bias"]
    pairs = jnp.stack([shown[:, :-1], w["labelEmbed.weight"][labels]], 2)
    x = jnp.concatenate([pairs.reshape(len(shown), -1, shown.shape[-1]), shown[:, -1:]], 1)
    table = w["positionEmbed.weight"] if positions is None else positions
    x = x + table[: x.shape[1]]
    for layer in range(model["depth"]):
        x = attention(w, f"blocks.{layer}", x, model["heads"], layer == model["depth"] - 1)
        if model["mlpRatio"] > 0:
            x = mlp(w, f"blocks.{layer}", x)
    logits = norm(w, "norm", x[:, -1]) @ w["unembed.weight"].T + w["unembed.bias"]
    right = jnp.take_along_axis(logits, targets[:, None], -1)[:, 0]
    return (jax.nn.logsumexp(logits, -1) - right).mean()


def adam_update(adam, w, m, v, gradient, step):
    """One tensor; `step` counts from 1."""
    beta1, beta2 = adam["beta1"], adam["beta2"]
    m = beta1 * m + (1 - beta1) * gradient
    v = beta2 * v + (1 - beta2) * gradient * gradient
    rate = adam["rate"] / (1 - beta1**step)
    return w - rate * m / (jnp.sqrt(v) * jax.lax.rsqrt(1 - beta2**step) + adam["epsilon"]), m, v


def main():
    exchange = Exchange(sys.argv[1])
    model, adam = exchange.model, exchange.adam
    tokens = 2 * exchange.labels.shape[2] + 1
    positions = jnp.asarray(exchange.sinusoidal(tokens)) if model["position"] == "sinusoidal" else None

    def step(state, batch):
        w, m, v, count = state
        loss, gradient = jax.value_and_grad(loss_of)(w, positions, model, *batch)
        count = count + 1
        new = {name: adam_update(adam, w[name], m[name], v[name], gradient[name], count) for name in w}
        w, m, v = ({name: parts[i] for name, parts in new.items()} for i in range(3))
        return (w, m, v, count), loss

    scan = jax.jit(lambda state, batches: jax.lax.scan(step, state, batches), donate_argnums=0)
    batches = tuple(map(jnp.asarray, (exchange.examples, exchange.labels, exchange.targets)))
    w = {name: jnp.array(value) for name, value in exchange.weights.items()}
    zeros = lambda: {name: jnp.zeros_like(value) for name, value in w.items()}
    state, losses = scan((w, zeros(), zeros(), jnp.float32(0)), batches)

    def train_pass():
        nonlocal state
        state, done = scan(state, batches)
        done.block_until_ready()

    square = jnp.ones((1024, 1024), jnp.float32)
    product = jax.jit(lambda a: a @ a)
    serve(exchange, f"jax {jax.__version__}", losses, train_pass, lambda: product(square).block_until_ready())


if __name__ == "__main__":
    main()
