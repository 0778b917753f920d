update mediaferry.transfer set object_state = 'removed', updated = now() where id = :#id
